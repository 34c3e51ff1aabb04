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
export async function readFileIfThere(file: string, fix: string): Promise<Uint8Array | undefined> {
  try {
    return await readFile(file)
  } catch (error) {
    if (isMissing(error)) return undefined
    throw unreadable(file, error as Error, fix)
  }
}

/** Reads a file that must be there; else as `readFileIfThere`. */
export const readWholeFile = (file: string, fix: string): Promise<Uint8Array> =>
  readFile(file).catch(error => {
    throw unreadable(file, error, fix)
  })

/** Reads a text in UTF-8 that may not be there; else as `readFileIfThere`. */
export async function readTextIfThere(file: string, fix: string): Promise<string | undefined> {
  const bytes = await readFileIfThere(file, fix)
  return bytes && new TextDecoder().decode(bytes)
}

/** Reads a text in UTF-8 that must be there; else as `readFileIfThere`. */
export const readText = async (file: string, fix: string): Promise<string> =>
  new TextDecoder().decode(await readWholeFile(file, fix))
