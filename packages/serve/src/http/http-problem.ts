import { STATUS_CODES } from 'node:http'
import type { ProblemBody } from '../schemas/post-schema'

/** An error with a status, told to the client as it stands. It is an answer: where it was thrown is neither told nor gathered, which costs. */
export class HttpProblem extends Error {
  override name = 'HttpProblem'
  /** @param headers sent beside it */
  constructor(
    readonly status: number,
    detail: string,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    const { stackTraceLimit } = Error
    Error.stackTraceLimit = 0
    super(detail)
    Error.stackTraceLimit = stackTraceLimit
  }
}

/** The media type of errors. */
export const PROBLEM_TYPE = 'application/problem+json'

/** An error as RFC 9457 has it. */
export const problemBody = (status: number, detail: string, instance: string): ProblemBody => ({
  type: 'about:blank',
  title: STATUS_CODES[status] ?? 'Unknown',
  status,
  detail,
  instance,
})

/** What is larger than it may be. */
export const tooLarge = (what: string, limit: number): HttpProblem =>
  new HttpProblem(413, `${what} must have at most ${limit} bytes. Send less, or raise the server's limit.`)
