// npm's jose: reads and writes compact tokens.
import { compactVerify, exportJWK, generateKeyPair, importJWK, CompactSign } from 'jose'
import { serve } from './lines.mjs'

const ALGORITHMS = ['EdDSA', 'Ed25519', 'ES256', 'ML-DSA-44']
const text = new TextDecoder()
const bytes = new TextEncoder()
const made = new Map()

async function holds (token, key) {
  try {
    await compactVerify(token, key, { algorithms: ALGORITHMS })
    return true
  } catch {
    return false
  }
}

const operations = {
  // Verify one token with a public JWK; the payload and header that jose read, or its error code.
  async verify ({ token, jwk, alg }) {
    const key = await importJWK(jwk, alg)
    const { payload, protectedHeader } = await compactVerify(token, key, { algorithms: ALGORITHMS })
    return { payload: text.decode(payload), header: protectedHeader }
  },

  // Which of many tokens jose accepts: a list of booleans.
  async verifyMany ({ tokens, jwk, alg }) {
    const key = await importJWK(jwk, alg)
    const accepted = []
    for (const token of tokens) accepted.push(await holds(token, key))
    return accepted
  },

  // Make a key pair, keep the private half here under `name`, and give the public JWK.
  async makeKey ({ name, alg }) {
    const pair = await generateKeyPair(alg, { extractable: true })
    made.set(name, pair.privateKey)
    return await exportJWK(pair.publicKey)
  },

  // Sign exact payload text with a key made before.
  async sign ({ name, header, payload }) {
    return await new CompactSign(bytes.encode(payload)).setProtectedHeader(header).sign(made.get(name))
  },

  // Microseconds for one verification, over `count` in a row after a warm-up.
  async time ({ token, jwk, alg, count }) {
    const key = await importJWK(jwk, alg)
    for (let i = 0; i < 500; i++) await compactVerify(token, key)
    const start = process.hrtime.bigint()
    for (let i = 0; i < count; i++) {
      const { payload } = await compactVerify(token, key)
      JSON.parse(text.decode(payload))
    }
    return Number(process.hrtime.bigint() - start) / 1000 / count
  }
}

await serve(operations)
