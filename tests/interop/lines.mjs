// One JSON object a line: {"op", ...} in, {"ok": ...} or {"error": code, "message"} out, in order, until the input ends.
// A process that stays alive for a whole test run, so that node starts once and not once a credential.
import { createInterface } from 'node:readline'

// Their software prints to standard output when it dislikes something; that is where our answers go.
console.log = console.error

export async function serve (operations) {
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
}
