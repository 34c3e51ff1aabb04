import { createInterface } from 'node:readline'
import type { Failure, Requests } from '../protocol'
import { answerers } from './answerers'

// Our side of the race: one JSON request a line on standard input, one JSON answer a line on standard output.
for await (const line of createInterface({ input: process.stdin })) {
  const request = JSON.parse(line) as { do: keyof Requests } & Record<string, unknown>
  let answer: object
  try {
    answer = await answerers[request.do](request as never)
  } catch (error) {
    console.error(error)
    answer = { error: String(error) } satisfies Failure
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`)
}
process.exit()
