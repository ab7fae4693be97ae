// POST /api/v1/verify by express and @digitalbazaar/vc: {"credential": {...}} in, {"verified", "credential"} out.
// Arguments: the port, and the documents that it may load, as JSON by address.
import express from 'express'
import * as vc from '@digitalbazaar/vc'
import { DataIntegrityProof } from '@digitalbazaar/data-integrity'
import { cryptosuite } from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite'
import { loader } from './documents.mjs'

const [port, documents] = process.argv.slice(-2)
const suite = new DataIntegrityProof({ cryptosuite })
const documentLoader = loader(JSON.parse(documents))
const checkStatus = async () => ({ verified: true })

express()
  .use(express.json())
  .post('/api/v1/verify', async ({ body: { credential } }, response) => {
    const { verified } = await vc.verifyCredential({ credential, suite, documentLoader, checkStatus })
    response.json({ verified, credential })
  })
  .listen(Number(port), '127.0.0.1')
