/** What beside the annotation is asked of a post: its explanation, and what of it costs more. */
export interface ExplainFlags {
  /** What would be said without its picture. */
  withoutPicture: boolean
  /** Hides regions one by one: the post is read once for each. */
  occlusion: boolean
}

/** One post for a worker. */
export type Job =
  /** A body of `POST /annotate` or `POST /explain`. */
  | { kind: 'json'; bytes: Uint8Array; explain?: ExplainFlags | undefined }
  /** A line of `POST /annotate/lines`, counted from 1. */
  | { kind: 'line'; bytes: Uint8Array; line: number }
  /** A form. */
  | { kind: 'form'; text: string; images: Uint8Array[]; explain?: ExplainFlags | undefined }

/** What becomes of it: JSON, or what was wrong. */
export type Answer =
  | { status: 200; body: string; isErrorLine?: boolean }
  /** `cause` is for the log alone. */
  | { status: 400 | 413 | 422 | 500 | 503; detail: string; cause?: string | undefined }

/** Above this, most of a body is pictures. */
const MOST_TEXT = 16_384

/** What a job that is mostly pictures counts for beside texts. */
const PICTURED = 1024

/** How long its text is about, in bytes: posts of like length are computed together. */
export function lengthOf(job: Job): number {
  if (job.kind === 'form') return job.text.length
  return job.bytes.length > MOST_TEXT ? PICTURED : job.bytes.length
}

/** The bytes that it keeps in memory. */
export const bytesOf = (job: Job): number =>
  job.kind === 'form'
    ? job.images.reduce((sum, { length }) => sum + length, 2 * job.text.length)
    : job.bytes.length
