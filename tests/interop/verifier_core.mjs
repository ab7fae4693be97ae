// @digitalcredentials/verifier-core, which fetches for itself: here from documents that a test hands in, and from nowhere
// else. Whatever it asks for is told with the answer.
import { serve } from './lines.mjs'

let documents = {}
let asked = []

// Before it is loaded, so that no part of it can keep the real one.
globalThis.fetch = async (resource, options = {}) => {
  const request = new Request(resource, options)
  asked.push({ url: request.url, accept: request.headers.get('accept') })
  const body = documents[request.url]
  if (body === undefined) return new Response('nothing here', { status: 404 })
  return new Response(JSON.stringify(body), { status: 200, headers: { 'Content-Type': 'application/json' } })
}
const { verifyCredential } = await import('@digitalcredentials/verifier-core')

const REGISTRY = 'https://registry.example/issuers.json'
const registries = [{ name: 'Registry of the tests', type: 'dcc-legacy', url: REGISTRY }]

await serve({
  // `documents`: JSON by address; `registered`: the DIDs that the registry lists.
  async verify ({ credential, documents: given, registered = [] }) {
    const registry = Object.fromEntries(registered.map(did => [did, { name: 'Acme', url: 'https://acme.example' }]))
    documents = { ...given, [REGISTRY]: { registry } }
    asked = []
    const { log = [], errors = [] } = await verifyCredential({ credential, knownDIDRegistries: registries })
    const steps = Object.fromEntries(log.map(({ id, valid, error }) => [id, valid ?? error.name]))
    return { steps, errors: errors.map(({ name }) => name), asked }
  }
})
