import { type LoadedTokenizer, loadTokenizer, resolveCheckpoint } from '@mafjs/encoders'
import { loadModelTokenizer } from '@mafjs/ner-maf'
import { InvalidArgumentError } from '@mafjs/tensor'

/** What words and lengths are checked with. */
export interface CheckingOptions {
  /** A text encoder: a folder, or a name on the hub. */
  textEncoder?: string | undefined
  /** A trained model: a folder, an export, an installed package, or a name on the hub; its length and splitter come with it. */
  model?: string | undefined
  /** Longest sequence of word pieces. @default the model's, else 128 */
  maxLength?: number | undefined
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
}: CheckingOptions): Promise<
  (LoadedTokenizer & Partial<Awaited<ReturnType<typeof loadModelTokenizer>>>) | undefined
> {
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
  if (model !== undefined) return loadModelTokenizer(model, { maxLength })
  if (maxLength === undefined) return undefined
  throw new InvalidArgumentError({
    argument: 'maxLength',
    rule: 'must have a tokenizer to count pieces with',
    received: maxLength,
    fix: 'Give textEncoder or model too.',
  })
}
