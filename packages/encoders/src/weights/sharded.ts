import { basename, dirname, join } from 'node:path'
import { readJsonText } from '@mafjs/tensor/json'
import { readWholeFile } from './read-file'
import { type Refuse, refusalOf, shownValue } from './refusal'
import type { ReadWeights, Weights } from './weights'

/** How the name of a list of files ends: `model.safetensors.index.json`. */
export const INDEX_ENDING = '.index.json'

/** Places of 100,000 tensors and more. */
const MOST_BYTES = 10_000_000

const FIX = 'Fetch the checkpoint again, all of its files.'

/** The file of every tensor, as an index says it; each lies beside the index. */
function weightMap(content: Uint8Array, refuse: Refuse): [name: string, file: string][] {
  if (content.length > MOST_BYTES)
    refuse(`must be of at most ${MOST_BYTES} bytes`, `${content.length} bytes`, FIX)
  let json: unknown
  try {
    json = readJsonText(new TextDecoder().decode(content))
  } catch (error) {
    return refuse('must be JSON', (error as Error).message, FIX)
  }
  const map = Object(json)['weight_map'] as unknown
  const entries = typeof map === 'object' && map !== null && !Array.isArray(map) ? Object.entries(map) : []
  if (entries.length === 0) refuse('must have the file of each tensor in its weight_map', 'none', FIX)
  for (const [name, file] of entries) {
    const isBeside =
      typeof file === 'string' && file === basename(file) && !/[\\/\0]|^\.\.?$/.test(file) && file !== ''
    if (!isBeside) {
      refuse(
        `must name files of its own folder in its weight_map, as that of "${name}"`,
        shownValue(file),
        FIX,
      )
    }
  }
  return entries as [string, string][]
}

/**
 * The names of the files that an index lists, each once.
 *
 * @throws InvalidArgumentError for a broken index, or a file that is not of its folder.
 */
export async function shardsOf(index: string): Promise<string[]> {
  const refuse = refusalOf(index)
  const map = weightMap(await readWholeFile(index, refuse), refuse)
  return [...new Set(map.map(([, file]) => file))].sort()
}

/**
 * The tensors of a checkpoint in several files.
 *
 * @throws InvalidArgumentError where a file lacks a tensor that the index finds in it, or holds another.
 */
export async function readSharded(
  index: string,
  readFile: (path: string) => Promise<ReadWeights>,
): Promise<ReadWeights> {
  const refuse = refusalOf(index)
  const map = new Map(weightMap(await readWholeFile(index, refuse), refuse))
  const weights: Weights = Object.create(null)
  const notes: string[] = []
  for (const file of [...new Set(map.values())].sort()) {
    const read = await readFile(join(dirname(index), file))
    for (const [name, weight] of Object.entries(read.weights)) {
      if (map.get(name) !== file) {
        const stated = map.has(name) ? `in ${map.get(name)}` : 'nowhere'
        refuse(`must find "${name}" where it is, in ${file}`, stated, FIX)
      }
      weights[name] = weight
    }
    notes.push(...read.notes.filter(note => !notes.includes(note)))
  }
  const absent = [...map.keys()].filter(name => !Object.hasOwn(weights, name))
  if (absent.length > 0) {
    const shown = absent.slice(0, 10).map(name => `"${name}" not in ${map.get(name)}`)
    refuse('must list tensors that are in its files', shown.join(', '), FIX)
  }
  return { weights: { ...weights }, notes }
}
