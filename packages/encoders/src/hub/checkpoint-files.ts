import { WEIGHT_FILES } from '../weights'

/** A file wanted from a repository: a name alone is taken if it is there, of `oneOf` the first that is, at least one. */
export type CheckpointFile = string | { readonly oneOf: readonly string[] }

/** What the checkpoint of a text encoder or a ResNet consists of; everything else in a repository stays there. */
export const CHECKPOINT_FILES: readonly CheckpointFile[] = [
  { oneOf: ['config.json'] },
  'tokenizer.json',
  'tokenizer_config.json',
  'added_tokens.json',
  'special_tokens_map.json',
  'vocab.txt',
  'vocab.json',
  'merges.txt',
  'bpe.codes',
  { oneOf: WEIGHT_FILES },
]

/** The wanted files that are there, and those that are missing though needed. */
export interface ChosenFiles {
  chosen: string[]
  /** One text for each need that is not met, e.g. `model.safetensors or pytorch_model.bin`. */
  missing: string[]
}

/** Chooses among the files that are there. */
export function chooseFiles(wanted: readonly CheckpointFile[], present: ReadonlySet<string>): ChosenFiles {
  const result: ChosenFiles = { chosen: [], missing: [] }
  for (const file of wanted) {
    const names = typeof file === 'string' ? [file] : file.oneOf
    const found = names.find(name => present.has(name))
    if (found !== undefined) result.chosen.push(found)
    else if (typeof file !== 'string') result.missing.push(names.join(' or '))
  }
  return result
}
