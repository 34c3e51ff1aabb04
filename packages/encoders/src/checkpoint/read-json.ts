import { readFile } from 'node:fs/promises'
import { InvalidArgumentError } from '@mafjs/tensor'
import { readJsonText } from '@mafjs/tensor/json'

/** A JSON object whose fields are not yet checked. */
export type JsonObject = Record<string, unknown>

/**
 * Reads a text file of a checkpoint folder.
 *
 * @returns undefined where there is no such file
 * @throws InvalidArgumentError where there is one that cannot be read.
 */
export async function readTextIfThere(path: string): Promise<string | undefined> {
  try {
    const text = await readFile(path, 'utf8')
    if (!/^version \S*git-lfs\S*\n/.test(text.slice(0, 100))) return text
    throw new Error('a Git LFS pointer, a few lines that stand for the file: fetch it with `git lfs pull`')
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code === 'ENOENT') return undefined
    throw new InvalidArgumentError({ argument: path, rule: 'must be a readable file', received: message })
  }
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
