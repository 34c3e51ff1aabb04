import { InvalidArgumentError } from '@mafjs/tensor'

/** A picture that could not be decoded. */
export interface BrokenPicture {
  /** Relative to the images folder. */
  file: string
  reason: string
}

/**
 * What is wrong with a picture, without its name: which it is, the report says itself.
 *
 * @param error what loading it threw
 * @param path what the error calls it
 * @throws InvalidArgumentError where the options were wrong, which is no fault of the picture.
 */
export function brokenReason(error: unknown, path: string): string {
  if (error instanceof InvalidArgumentError) throw error
  const message = error instanceof Error ? error.message : String(error)
  return message
    .replace(`${path}: `, '')
    .replace(/^picture of \d+ bytes: /, '')
    .replace(/\.$/, '')
}

/** @throws InvalidArgumentError for a broken picture where none may be. */
export function refuseBroken(path: string, reason: string): never {
  throw new InvalidArgumentError({
    argument: path,
    rule: 'must be a picture that can be decoded',
    received: reason,
    fix: 'Replace the file, or go on without strict: its posts then count as posts without a picture.',
  })
}

/** Broken pictures by name. */
export const sortedBroken = (broken: Iterable<BrokenPicture>): BrokenPicture[] =>
  [...broken].sort((a, b) => (a.file < b.file ? -1 : 1))
