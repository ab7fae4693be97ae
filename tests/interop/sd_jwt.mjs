// npm's @sd-jwt/sd-jwt-vc: reads and writes SD-JWT VCs.
// Keys, hashes and signatures are node's own, called directly, so that nothing but the library itself is compared.
import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, randomBytes, sign, verify } from 'node:crypto'
import { SDJwtVcInstance } from '@sd-jwt/sd-jwt-vc'
import { serve } from './lines.mjs'

const made = new Map()
const hasher = (data, alg) => new Uint8Array(createHash(alg.replace('-', '')).update(data).digest())
const saltGenerator = length => randomBytes(length).toString('base64url').slice(0, length)

const digest = alg => (alg === 'EdDSA' ? null : 'sha256')
const options = (key, alg) => (alg === 'EdDSA' ? key : { key, dsaEncoding: 'ieee-p1363' })

function verifier (jwk, alg) {
  const key = options(createPublicKey({ key: jwk, format: 'jwk' }), alg)
  return (data, signature) => verify(digest(alg), Buffer.from(data), key, Buffer.from(signature, 'base64url'))
}

function signer (jwk, alg) {
  const key = options(createPrivateKey({ key: jwk, format: 'jwk' }), alg)
  return data => sign(digest(alg), Buffer.from(data), key).toString('base64url')
}

function instance (settings) {
  return new SDJwtVcInstance({ hasher, hashAlg: 'sha-256', saltGenerator, ...settings })
}

function reader ({ jwk, alg, list }) {
  return instance({
    verifier: verifier(jwk, alg),
    statusListFetcher: async () => list,
    statusVerifier: verifier(jwk, alg),
    kbVerifier: (data, signature, payload) => {
      const holder = payload.cnf.jwk
      return verifier(holder, holder.kty === 'EC' ? 'ES256' : 'EdDSA')(data, signature)
    }
  })
}

const operations = {
  // Verify an SD-JWT VC, its status list and, if a nonce is given, its holder's signature: the processed payload.
  async verify (request) {
    const { token, now, nonce } = request
    const found = await reader(request).verify(token, { currentDate: now, keyBindingNonce: nonce })
    return { payload: found.payload, header: found.header }
  },

  // Which of many tokens it accepts: a list of booleans.
  async verifyMany (request) {
    const read = reader(request)
    const accepted = []
    for (const token of request.tokens) {
      accepted.push(await read.verify(token, { currentDate: request.now }).then(() => true, () => false))
    }
    return accepted
  },

  // Make a key pair, keep the private half here under `name`, and give the public JWK.
  async makeKey ({ name, alg }) {
    const pair = alg === 'EdDSA' ? generateKeyPairSync('ed25519') : generateKeyPairSync('ec', { namedCurve: 'P-256' })
    made.set(name, pair.privateKey.export({ format: 'jwk' }))
    return pair.publicKey.export({ format: 'jwk' })
  },

  // Issue an SD-JWT VC with what `frame` names hidden.
  async issue ({ name, alg, payload, frame, header }) {
    return await instance({ signer: signer(made.get(name), alg), signAlg: alg }).issue(payload, frame, { header })
  },

  // Present what `frame` names, signed by the holder if `kb` is given.
  async present ({ token, frame, name, alg, kb }) {
    const settings = kb ? { kbSigner: signer(made.get(name), alg), kbSignAlg: alg } : {}
    return await instance(settings).present(token, frame, kb ? { kb: { payload: kb } } : undefined)
  },

  // Microseconds for one verification, over `count` in a row after a warm-up.
  async time (request) {
    const read = reader(request)
    const once = () => read.verify(request.token, { currentDate: request.now })
    for (let i = 0; i < 300; i++) await once()
    const start = process.hrtime.bigint()
    for (let i = 0; i < request.count; i++) await once()
    return Number(process.hrtime.bigint() - start) / 1000 / request.count
  }
}

await serve(operations)
