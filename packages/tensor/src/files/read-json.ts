import { type JsonFile, parseJson } from '../json/check-json'
import { readText, readTextIfThere } from './read-file'

/**
 * Reads a JSON object from a file.
 *
 * @returns undefined where there is no such file
 * @throws InvalidArgumentError where there is one that cannot be read, or holds something else.
 */
export async function readJsonIfThere<Content>(file: string, json: JsonFile): Promise<Content | undefined> {
  const text = await readTextIfThere(file, json.fix)
  return text === undefined ? undefined : parseJson<Content>(text, file, json)
}

/** Reads a JSON object from a file that must be there; else as `readJsonIfThere`. */
export const readJson = async <Content>(file: string, json: JsonFile): Promise<Content> =>
  parseJson<Content>(await readText(file, json.fix), file, json)
