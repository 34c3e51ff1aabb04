import { withNumbersOf } from '@mafjs/tensor'
import { type ResolveCheckpointOptions, resolveCheckpoint } from '../hub'
import { createTextEncoder, type TextEncoder } from '../text/create-text-encoder'
import { WORD_SHAPE_TABLE } from '../text/embed-words'
import { type CompleteTextEncoderConfig, completeTextEncoderConfig } from '../text/text-encoder-config'
import { WORD_SHAPES } from '../text/word-shapes'
import { assertTokenizerFits } from '../tokenizer/assert-tokenizer-fits'
import type { WordTokenizer } from '../tokenizer/word-tokenizer'
import { numbersIn, readWeights } from '../weights'
import { assignNetwork } from './assign-network'
import type { CheckpointReport } from './assign-weights'
import { findWeights } from './find-weights'
import { loadTextEncoderConfig } from './load-text-encoder-config'
import { type LoadTokenizerOptions, loadTokenizer } from './load-tokenizer'
import { naming } from './name-error'
import { findTextEncoder, TEXT_HEADS } from './text-encoder-names'

/** How a text encoder's checkpoint is loaded; dropouts default to the checkpoint's own. */
export interface LoadTextEncoderOptions
  extends LoadTokenizerOptions,
    Partial<Pick<CompleteTextEncoderConfig, 'summary' | 'hiddenDropout' | 'attentionDropout'>> {
  /**
   * Adds the shapes of words (`WORD_SHAPES`) where the checkpoint has none: their embeddings begin with zeros, which change nothing
   * until they are trained.
   * @default false: they are read where the checkpoint has them
   */
  wordShapes?: boolean | undefined
  /** Draws the weights instead, from this seed; the checkpoint then needs only `config.json` and a tokenizer. @default the checkpoint's */
  randomSeed?: number | undefined
  /** Where a name is looked up: revision, cache, endpoint, token. @default the hub as it is configured */
  hub?: ResolveCheckpointOptions | undefined
}

/** A pretrained text encoder with its tokenizer. */
export interface LoadedTextEncoder {
  encoder: TextEncoder
  tokenizer: WordTokenizer
  report: CheckpointReport
}

/**
 * Loads a text encoder of Hugging Face's layout: `config.json`, whose `model_type` is bert, roberta, xlm-roberta or
 * distilbert, `model.safetensors` or `pytorch_model.bin`, and a tokenizer (see `loadTokenizer`).
 *
 * @param nameOrFolder a folder, or a name on the hub such as `bert-base-cased`
 * @throws InvalidArgumentError for a missing or broken file, a model of another type, and tensors that are missing,
 * misshaped, not finite, or without a place: all of them are named.
 */
export async function loadTextEncoder(
  nameOrFolder: string,
  {
    summary = 'cls',
    hiddenDropout,
    attentionDropout,
    maxLength,
    lowercase,
    wordShapes = false,
    randomSeed,
    hub = {},
  }: LoadTextEncoderOptions = {},
): Promise<LoadedTextEncoder> {
  const folder = await resolveCheckpoint(nameOrFolder, hub)
  const stated = await loadTextEncoderConfig(folder)
  const addsShapes = wordShapes && !stated.wordShapes
  const config = completeTextEncoderConfig({
    ...stated,
    summary,
    hiddenDropout: hiddenDropout ?? stated.hiddenDropout,
    attentionDropout: attentionDropout ?? stated.attentionDropout,
    ...(addsShapes && { wordShapes: WORD_SHAPES }),
    ...(randomSeed !== undefined && { seed: randomSeed }),
  })
  const { tokenizer, notes } = await loadTokenizer(folder, {
    maxLength: maxLength ?? config.maxPositions,
    ...(lowercase !== undefined && { lowercase }),
  })
  assertTokenizerFits(tokenizer, config, folder)
  const onShapes = addsShapes ? ['The checkpoint knows no shapes of words: theirs begin with zeros.'] : []
  if (randomSeed !== undefined) {
    const drawn = ['The text encoder starts from random weights.', ...notes]
    return {
      encoder: createTextEncoder(config),
      tokenizer,
      report: { file: folder, extra: [], notes: drawn },
    }
  }
  const file = await findWeights(folder)
  const read = await readWeights(file)
  const found = findTextEncoder(read.weights, config.kind, file)
  const encoder = naming(file, () =>
    withNumbersOf(numbersIn(read.weights), () => createTextEncoder(config, { initialise: false })),
  )
  try {
    const parameters = encoder.parameters()
    if (addsShapes) delete parameters[WORD_SHAPE_TABLE] // it keeps its zeros
    const extra = assignNetwork(parameters, found, TEXT_HEADS, file)
    return {
      encoder,
      tokenizer,
      report: { file, extra, notes: [...notes, ...onShapes, ...read.notes, ...found.notes] },
    }
  } catch (error) {
    encoder.dispose()
    throw error
  }
}
