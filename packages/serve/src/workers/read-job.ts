import { type PostInput, readPostLine } from '@mafjs/data'
import type { Answer, Job } from '../queue/job'
import { BASE64_PICTURES } from './base64-pictures'
import type { PostLimits } from './worker-messages'

/** A job as the model takes it, and what its answer gives back of it; or what is wrong. */
export type ReadJob =
  | { post: PostInput; said: object }
  | { refused: Exclude<Answer, { status: 200 }>; said: object }

/** What is larger than it may be. */
function tooLarge(
  { text, images }: { text: string; images: readonly { length: number }[] },
  limits: PostLimits,
) {
  const largest = Math.max(0, ...images.map(({ length }) => length))
  if (text.length > limits.text)
    return `text must have at most ${limits.text} signs. Received: ${text.length}.`
  if (images.length > limits.pictures)
    return `images must be at most ${limits.pictures} pictures. Received: ${images.length}.`
  if (largest > limits.pictureBytes)
    return `image must have at most ${limits.pictureBytes} bytes. Received: ${largest}. Shrink it.`
  return undefined
}

/** Reads what a client sent. */
export function readJob(job: Job, limits: PostLimits): ReadJob {
  if (job.kind === 'form') {
    const detail = tooLarge(job, limits)
    if (detail) return { refused: { status: 413, detail }, said: {} }
    return { post: { text: job.text, images: job.images }, said: {} }
  }
  const place = job.kind === 'line' ? { file: 'lines', line: job.line } : { file: 'body', line: 1 }
  const read = readPostLine(job.bytes, {
    ...place,
    longest: limits.bodyBytes,
    pictureNaming: BASE64_PICTURES,
  })
  const { id, text, tokens, pictures, failure } = read
  if (failure) return { refused: { status: 400, detail: failure.message }, said: { id } }
  const images = pictures.map(picture => Buffer.from(picture, 'base64'))
  const detail = tooLarge({ text, images }, limits)
  if (detail) return { refused: { status: 413, detail }, said: { id } }
  return { post: { text, tokens, images }, said: { id, text, tokens } }
}
