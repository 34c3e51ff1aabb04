import { readFile } from 'node:fs/promises'
import { InvalidArgumentError } from '../errors'
import { isMissing } from './exists'

/** The error for a file that cannot be read, with the operating system's code of why. */
const unreadable = (file: string, { code, message }: NodeJS.ErrnoException, fix: string): Error =>
  Object.assign(
    new InvalidArgumentError({
      argument: file,
      rule: 'must be a file that can be read',
      received: message,
      fix,
    }),
    { code },
  )

/**
 * Reads a file.
 *
 * @param fix the way out, for the error
 * @returns undefined where there is none
 * @throws InvalidArgumentError where there is one that cannot be read.
 */
export async function readFileIfThere(file: string, fix: string): Promise<Buffer | undefined> {
  try {
    return await readFile(file)
  } catch (error) {
    if (isMissing(error)) return undefined
    throw unreadable(file, error as Error, fix)
  }
}

/** Reads a file that must be there; else as `readFileIfThere`. */
export const readWholeFile = (file: string, fix: string): Promise<Buffer> =>
  readFile(file).catch(error => {
    throw unreadable(file, error, fix)
  })
