import { join } from 'node:path'
import {
  type CompleteTextEncoderConfig,
  type LoadedImageEncoder,
  loadImageEncoder,
  loadTextEncoder,
  resolveCheckpoint,
  type TextEncoder,
  WEIGHT_FILES,
  type WordTokenizer,
} from '@mafjs/encoders'
import type { OnnxImageOptions } from '@mafjs/encoders/onnx'
import { InvalidArgumentError } from '@mafjs/tensor'
import { exists } from '@mafjs/tensor/files'
import type { TextOfModel } from './text-of-model'

/** Which encoders a run starts from. */
export interface LoadEncodersOptions {
  /** The checkpoint of a text encoder: a folder, or a name on the hub; or how a trained model reads texts. */
  textEncoder: string | TextOfModel
  /** Draw the text encoder's weights instead of loading them. */
  randomTextEncoder: boolean
  /** Add the shapes of words where the checkpoint has none. @default false */
  wordShapes?: boolean | undefined
  /** A file, a folder or a name on the hub, or `none`. */
  imageEncoder: string
  /** Train the image encoder too. */
  trainImageEncoder: boolean
  /** Whether JPEGs are decoded smaller where that leaves enough of them. @default false */
  shrinkOnLoad?: boolean | undefined
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

/** Said before anything is loaded: what it needs instead. */
async function assertWeights(folder: string): Promise<void> {
  const isThere = await Promise.all(WEIGHT_FILES.map(name => exists(join(folder, name))))
  if (isThere.includes(true)) return
  throw new InvalidArgumentError({
    argument: folder,
    rule: `must hold ${WEIGHT_FILES.join(' or ')}`,
    received: 'none of them',
    fix: 'Name the folder of a whole checkpoint, or start from random weights with randomTextEncoder.',
  })
}

async function loadText({
  textEncoder,
  randomTextEncoder,
  wordShapes,
  maxLength,
  summary,
  seed,
}: LoadEncodersOptions): Promise<{ encoder: TextEncoder; tokenizer: WordTokenizer; notes: string[] }> {
  if (typeof textEncoder !== 'string') {
    return { ...textEncoder.create({ maxLength, summary, wordShapes, seed }), notes: [] }
  }
  const folder = await resolveCheckpoint(textEncoder)
  const randomSeed = randomTextEncoder ? seed : undefined
  if (!randomTextEncoder) await assertWeights(folder)
  const loaded = await loadTextEncoder(folder, { maxLength, summary, wordShapes, randomSeed })
  const { extra, notes } = loaded.report
  const onExtra = extra.length > 0 ? [`Not part of the text encoder: ${extra.join(', ')}.`] : []
  return { ...loaded, notes: [...notes, ...onExtra] }
}

/**
 * Loads the encoders and the tokenizer a run starts from.
 *
 * @throws InvalidArgumentError for a checkpoint that cannot be used.
 */
export async function loadEncoders(options: LoadEncodersOptions): Promise<LoadedEncoders> {
  const { imageEncoder, trainImageEncoder: trainable, shrinkOnLoad, onnxImage: onnx, seed } = options
  const { encoder, tokenizer, notes } = await loadText(options)
  const text = { encoder, config: encoder.config }
  if (imageEncoder === 'none') {
    if (!shrinkOnLoad) return { text, tokenizer, notes }
    encoder.dispose()
    throw new InvalidArgumentError({
      argument: 'shrinkOnLoad',
      rule: 'must be left out without an image encoder: no picture is read',
      received: true,
    })
  }
  const image = await loadImageEncoder(imageEncoder, { trainable, seed, onnx, shrinkOnLoad })
  return { text, image, tokenizer, notes: [...notes, ...image.notes] }
}
