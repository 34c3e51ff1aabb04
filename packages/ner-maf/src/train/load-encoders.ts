import { join } from 'node:path'
import {
  type CompleteTextEncoderConfig,
  completeTextEncoderConfig,
  createTextEncoder,
  type LoadedImageEncoder,
  loadImageEncoder,
  loadTextEncoder,
  loadTextEncoderConfig,
  loadTokenizer,
  resolveCheckpoint,
  type TextEncoder,
  WEIGHT_FILES,
  type WordTokenizer,
} from '@mafjs/encoders'
import type { OnnxImageOptions } from '@mafjs/encoders/onnx'
import { InvalidArgumentError } from '@mafjs/tensor'
import { exists } from '@mafjs/tensor/files'

/** Which encoders a run starts from. */
export interface LoadEncodersOptions {
  /** The checkpoint of a text encoder: a folder, or a name on the hub. */
  textEncoder: string
  /** Draw the text encoder's weights instead of loading them. */
  randomTextEncoder: boolean
  /** A file, a folder or a name on the hub, or `none`. */
  imageEncoder: string
  /** Train the image encoder too. */
  trainImageEncoder: boolean
  /** How an `.onnx` file is used. */
  onnxImage?: OnnxImageOptions | undefined
  /** Longest sequence of word pieces. */
  maxLength: number
  /** What stands for the whole sentence. */
  summary: 'cls' | 'pooler'
  seed: number
}

/** Encoders, tokenizer, and what their checkpoints held beyond what was asked for. */
export interface LoadedEncoders {
  text: { encoder: TextEncoder; config: CompleteTextEncoderConfig }
  image?: LoadedImageEncoder
  tokenizer: WordTokenizer
  notes: string[]
}

/** What `loadTextEncoder` checks for a pretrained encoder: that every id and every position has its row. */
function assertFits(
  { vocabSize, maxLength }: WordTokenizer,
  config: CompleteTextEncoderConfig,
  folder: string,
): void {
  if (vocabSize > config.vocabSize) {
    throw new InvalidArgumentError({
      argument: folder,
      rule: `must have a tokenizer whose ids lie below vocab_size (${config.vocabSize})`,
      received: `ids up to ${vocabSize - 1}`,
      fix: 'Correct vocab_size in config.json, or take the tokenizer that belongs to it.',
    })
  }
  if (maxLength > config.maxPositions) {
    throw new InvalidArgumentError({
      argument: 'maxLength',
      rule: `must be at most ${config.maxPositions}, the positions the encoder has`,
      received: maxLength,
    })
  }
}

async function randomTextEncoder({ textEncoder, maxLength, summary, seed }: LoadEncodersOptions) {
  const folder = await resolveCheckpoint(textEncoder)
  const config = completeTextEncoderConfig({ ...(await loadTextEncoderConfig(folder)), summary, seed })
  const { tokenizer, notes } = await loadTokenizer(folder, { maxLength })
  assertFits(tokenizer, config, folder)
  const encoder = createTextEncoder(config)
  return { encoder, tokenizer, notes: ['The text encoder starts from random weights.', ...notes] }
}

async function pretrainedTextEncoder({ textEncoder, maxLength, summary }: LoadEncodersOptions) {
  const folder = await resolveCheckpoint(textEncoder)
  const isThere = await Promise.all(WEIGHT_FILES.map(name => exists(join(folder, name))))
  if (!isThere.includes(true)) {
    throw new InvalidArgumentError({
      argument: folder,
      rule: `must hold ${WEIGHT_FILES.join(' or ')}`,
      received: 'none of them',
      fix: 'Name the folder of a whole checkpoint, or start from random weights with randomTextEncoder.',
    })
  }
  const { encoder, tokenizer, report } = await loadTextEncoder(textEncoder, { maxLength, summary })
  const extra = report.extra.length > 0 ? [`Not part of the text encoder: ${report.extra.join(', ')}.`] : []
  return { encoder, tokenizer, notes: [...report.notes, ...extra] }
}

/**
 * Loads the encoders and the tokenizer a run starts from.
 *
 * @throws InvalidArgumentError for a checkpoint that cannot be used.
 */
export async function loadEncoders(options: LoadEncodersOptions): Promise<LoadedEncoders> {
  const load = options.randomTextEncoder ? randomTextEncoder : pretrainedTextEncoder
  const { encoder: textEncoder, tokenizer, notes } = await load(options)
  const text = { encoder: textEncoder, config: textEncoder.config }
  if (options.imageEncoder === 'none') return { text, tokenizer, notes }
  const { trainImageEncoder: trainable, onnxImage: onnx, seed } = options
  const image = await loadImageEncoder(options.imageEncoder, { trainable, seed, onnx })
  return { text, image, tokenizer, notes: [...notes, ...image.notes] }
}
