import { join } from 'node:path'
import type { SplitterName } from '@mafjs/data'
import { loadTokenizer, resolveCheckpoint, type WordTokenizer } from '@mafjs/encoders'
import { assertCheckpointConfig } from '@mafjs/ner-maf'
import { InvalidArgumentError } from '@mafjs/tensor'
import { readJson, readWhole } from '@mafjs/tensor/files'

/** What words and lengths are checked with. */
export interface CheckingOptions {
  /** A text encoder: a folder, or a name on the hub. */
  textEncoder?: string | undefined
  /** A trained model's folder; its length and splitter come with it. */
  model?: string | undefined
  /** Longest sequence of word pieces. @default the model's, else 128 */
  maxLength?: number | undefined
}

/** The tokenizer to check with, and how a model splits texts. */
export interface CheckingTokenizer {
  tokenizer: WordTokenizer
  splitter?: SplitterName
  /** Whether the model reads longer posts in windows, so that none is cut. */
  readsWindows?: boolean
  notes: string[]
}

/** What `ner-maf train` takes where nothing is said. */
const DEFAULT_LENGTH = 128

/**
 * Loads only what cuts words into pieces: of a text encoder, or of a trained model.
 *
 * @returns undefined where neither was given.
 * @throws InvalidArgumentError for both at once, a length without either, or a folder that cannot be used.
 */
export async function loadCheckingTokenizer({
  textEncoder,
  model,
  maxLength,
}: CheckingOptions): Promise<CheckingTokenizer | undefined> {
  if (textEncoder !== undefined && model !== undefined) {
    throw new InvalidArgumentError({
      argument: 'model',
      rule: 'must be left out beside textEncoder',
      received: model,
      fix: 'A model has its own tokenizer; name one of the two.',
    })
  }
  if (textEncoder !== undefined) {
    const folder = await resolveCheckpoint(textEncoder)
    return loadTokenizer(folder, { maxLength: maxLength ?? DEFAULT_LENGTH })
  }
  if (model !== undefined) {
    return readWhole(model, async place => {
      const file = join(place, 'config.json')
      const config = await readJson<unknown>(file, {
        fix: 'Give as model the folder that `ner-maf train --out` wrote.',
      })
      assertCheckpointConfig(config, file)
      const { maxLength: own, splitter, windowOverlap } = config.preprocessing
      return {
        ...(await loadTokenizer(place, { maxLength: maxLength ?? own })),
        splitter,
        readsWindows: windowOverlap !== undefined,
      }
    })
  }
  if (maxLength === undefined) return undefined
  throw new InvalidArgumentError({
    argument: 'maxLength',
    rule: 'must have a tokenizer to count pieces with',
    received: maxLength,
    fix: 'Give textEncoder or model too.',
  })
}
