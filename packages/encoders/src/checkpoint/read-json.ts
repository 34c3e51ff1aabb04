import { readFile } from 'node:fs/promises'
import { InvalidArgumentError } from '@mafjs/tensor'
import { readJsonText } from '@mafjs/tensor/json'
import { isLfsPointer, LFS_FIX, LFS_POINTER } from '../weights/lfs-pointer'

/** A JSON object whose fields are not yet checked. */
export type JsonObject = Record<string, unknown>

/**
 * Reads a text file of a checkpoint folder, without a byte order mark.
 *
 * @returns undefined where there is no such file
 * @throws InvalidArgumentError where there is one that cannot be read, or a Git LFS pointer in its place.
 */
export async function readTextIfThere(path: string): Promise<string | undefined> {
  const file = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    const received = error.message
    throw new InvalidArgumentError({ argument: path, rule: 'must be a readable file', received })
  })
  if (file && isLfsPointer(file)) {
    const rule = 'must be the file itself'
    throw new InvalidArgumentError({ argument: path, rule, received: LFS_POINTER, fix: LFS_FIX })
  }
  return file?.toString('utf8').replace(/^\ufeff/, '')
}

/**
 * Reads a JSON file of a checkpoint folder.
 *
 * @returns undefined where there is no such file
 * @throws InvalidArgumentError for a file that is no JSON object.
 */
export async function readJsonIfThere(path: string): Promise<JsonObject | undefined> {
  const text = await readTextIfThere(path)
  if (text === undefined) return undefined
  let content: unknown
  try {
    content = readJsonText(text)
  } catch (error) {
    throw new InvalidArgumentError({
      argument: path,
      rule: 'must be JSON',
      received: (error as Error).message,
    })
  }
  if (typeof content !== 'object' || content === null || Array.isArray(content)) {
    throw new InvalidArgumentError({
      argument: path,
      rule: 'must hold a JSON object',
      received: text.slice(0, 60),
    })
  }
  return content as JsonObject
}
