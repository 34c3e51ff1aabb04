import { ProblemSchema } from '../schemas/post-schema'

const problem = (description: string) => ({
  description,
  content: { 'application/problem+json': { schema: ProblemSchema } },
})

/** What every route that computes may answer. */
export const PROBLEMS = {
  400: problem('The post or the request is wrong'),
  401: problem('No key, or a wrong one'),
  408: problem('The body took too long'),
  413: problem('Larger than it may be'),
  415: problem('Another content type'),
  422: problem('A picture cannot be read'),
  429: problem('The server is full; Retry-After says when to come again'),
  500: problem('A failure of the server'),
  503: problem('The server is stopping, or has no worker'),
}
