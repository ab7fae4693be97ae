// @digitalbazaar/vc with its cryptosuites: issues, presents and verifies what has embedded proofs.
import * as vc from '@digitalbazaar/vc'
import { DataIntegrityProof } from '@digitalbazaar/data-integrity'
import * as EcdsaMultikey from '@digitalbazaar/ecdsa-multikey'
import { cryptosuite as ecdsaRdfc2019 } from '@digitalbazaar/ecdsa-rdfc-2019-cryptosuite'
import * as Ed25519Multikey from '@digitalbazaar/ed25519-multikey'
import { Ed25519Signature2020 } from '@digitalbazaar/ed25519-signature-2020'
import { createSignCryptosuite, createVerifyCryptosuite } from '@digitalbazaar/eddsa-jcs-2022-cryptosuite'
import { cryptosuite as eddsaRdfc2022 } from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite'
import { loader } from './documents.mjs'
import { serve } from './lines.mjs'

const made = new Map()

function readers (name) {
  const every = {
    'eddsa-rdfc-2022': () => new DataIntegrityProof({ cryptosuite: eddsaRdfc2022 }),
    'eddsa-jcs-2022': () => new DataIntegrityProof({ cryptosuite: createVerifyCryptosuite() }),
    'ecdsa-rdfc-2019': () => new DataIntegrityProof({ cryptosuite: ecdsaRdfc2019 }),
    Ed25519Signature2020: () => new Ed25519Signature2020()
  }
  return name === undefined ? Object.values(every).map(make => make()) : [every[name]()]
}

function writer (name, key, date) {
  const signer = key.signer()
  if (name === 'Ed25519Signature2020') return new Ed25519Signature2020({ signer, date })
  const cryptosuite = {
    'eddsa-rdfc-2022': eddsaRdfc2022, 'eddsa-jcs-2022': createSignCryptosuite(), 'ecdsa-rdfc-2019': ecdsaRdfc2019
  }[name]
  return new DataIntegrityProof({ signer, date, cryptosuite })
}

function messages (error) {
  const inner = error?.errors ?? []
  return error ? [error.message, ...inner.map(one => one.message)].map(String) : []
}

async function asked (work) {
  const { verified, error } = await work
  return { verified, errors: messages(error) }
}

const operations = {
  // Make a key pair, keep the private half here under its id, and give the public key as a Multikey.
  async makeKey ({ id, controller, curve }) {
    const key = curve
      ? await EcdsaMultikey.generate({ id, controller, curve })
      : await Ed25519Multikey.generate({ id, controller })
    if (!id) {
      key.controller = `did:key:${(await key.export({ publicKey: true })).publicKeyMultibase}`
      key.id = `${key.controller}#${key.controller.slice('did:key:'.length)}`
    }
    made.set(key.id, key)
    return { id: key.id, ...await key.export({ publicKey: true }) }
  },

  async issue ({ credential, suite, method, date, documents = {}, now }) {
    const chosen = writer(suite, made.get(method), date)
    return await vc.issue({ credential, suite: chosen, documentLoader: loader(documents), now: now ?? date })
  },

  async present ({ credentials, holder, suite, method, date, challenge, domain, documents = {}, version = 2, signed = true }) {
    const presentation = vc.createPresentation(
      { verifiableCredential: credentials, holder, version, verify: false })
    if (!signed) return presentation
    const chosen = writer(suite, made.get(method), date)
    return await vc.signPresentation(
      { presentation, suite: chosen, challenge, domain, documentLoader: loader(documents) })
  },

  // `suite` undefined: whichever the proof names.
  async verify ({ credential, suite, documents = {}, now }) {
    return await asked(vc.verifyCredential({
      credential,
      suite: readers(suite),
      documentLoader: loader(documents),
      now,
      checkStatus: credential.credentialStatus && (async () => ({ verified: true }))
    }))
  },

  async verifyMany ({ credentials, documents = {}, now }) {
    const found = []
    for (const credential of credentials) found.push((await operations.verify({ credential, documents, now })).verified)
    return found
  },

  async verifyPresentation ({ presentation, challenge, domain, documents = {}, now, unsigned = false }) {
    return await asked(vc.verify({
      presentation,
      challenge,
      domain,
      unsignedPresentation: unsigned,
      suite: readers(),
      documentLoader: loader(documents),
      now,
      checkStatus: async () => ({ verified: true })
    }))
  },

  // Microseconds of processor time for one verification, over `count` in a row after a warm-up.
  async time ({ credential, documents, now, count }) {
    const options = { credential, suite: readers('eddsa-rdfc-2022'), documentLoader: loader(documents), now }
    options.checkStatus = async () => ({ verified: true })
    for (let i = 0; i < 30; i++) await vc.verifyCredential(options)
    const start = process.cpuUsage()
    for (let i = 0; i < count; i++) {
      if (!(await vc.verifyCredential(options)).verified) throw new Error('it does not verify')
    }
    const { user, system } = process.cpuUsage(start)
    return (user + system) / count
  }
}

await serve(operations)
