import { createHash } from 'node:crypto'
import { createProgram, type Engine, sessionOf, threadsOf } from '@mafjs/compile/engine'
import { InvalidArgumentError, type Parameters } from '@mafjs/tensor'
import type { EncodingArrays, PictureArrays } from './image/image-arrays'
import type { ImageEncoder, ImageInputs } from './image/image-inputs'
import type { LoadedImageEncoder } from './load-image-encoder'
import type { PicturePreparation } from './pictures'

/** An image encoder that stays as it is, on an engine: all that whoever keeps its features must know. */
export interface FrozenImageEncoder {
  /** Size of a region and of the summary. */
  readonly channels: number
  /** How the pictures that it encodes are prepared. */
  readonly preparation: PicturePreparation
  /** That compute. */
  readonly threads: number
  /**
   * A SHA-256 of all that decides what it makes of a picture beside the picture: configuration and every weight (or the ONNX
   * file), preparation, and what computes, for engines round differently.
   */
  identity(): Promise<string>
  /** What it makes of pictures; the first call opens it. */
  encode(pictures: PictureArrays): Promise<EncodingArrays>
  /** Frees what was made to run it, after the calls under way; what it was made of stays. */
  dispose(): Promise<void>
}

/** What `loadImageEncoder` gives, or the like of it. */
export type FreezableEncoder = Pick<LoadedImageEncoder, 'onnxImage' | 'channels' | 'preparation'> & {
  encoder?: ImageEncoder | undefined
}

/** Whether nothing of an encoder's parameters is trained. */
export const isFrozen = (encoder: { parameters(): Parameters }): boolean =>
  Object.values(encoder.parameters()).every(({ trainable }) => !trainable)

/**
 * An image encoder of which nothing is trained, on an engine.
 *
 * @throws InvalidArgumentError for one that is trained, as any from random weights.
 */
export function freezeEncoder(
  { encoder, onnxImage, channels, preparation }: FreezableEncoder,
  engine: Engine,
): FrozenImageEncoder {
  if (!onnxImage && !(encoder && isFrozen(encoder))) {
    throw new InvalidArgumentError({
      argument: 'encoder',
      rule: 'must be one that is not trained',
      received: encoder ? 'one that is, as any from random weights' : 'none',
      fix: 'What is trained gives other features after every step: make it a part of the model, which then reads pictures.',
    })
  }
  let opened: Pick<FrozenImageEncoder, 'encode' | 'dispose'> | undefined
  const open = () => onnxImage?.open(sessionOf(engine)) ?? programOf(encoder!, engine)
  return {
    channels,
    preparation,
    threads: threadsOf(engine),
    identity: () => digestOf({ encoder, onnxImage, preparation }, engine),
    encode(pictures) {
      opened ??= open()
      return opened.encode(pictures)
    },
    dispose: async () => opened?.dispose(),
  }
}

/** One program for batches of any size. */
function programOf(encoder: ImageEncoder, engine: Engine): Pick<FrozenImageEncoder, 'encode' | 'dispose'> {
  const program = createProgram<ImageInputs>(engine, image => ({ ...encoder.apply(image) }))
  const axes = { pixels: ['batch', null, null, null], present: ['batch'] }
  return {
    encode: async pictures => (await program.run(pictures, { axes })) as unknown as EncodingArrays,
    dispose: program.dispose,
  }
}

/** Changed whenever the same picture and encoder would give other numbers, or whoever keeps them another form. */
const FORMAT_VERSION = 1

/** The same text for the same values, in whatever order they were given. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null'
  const entries = Object.entries(value).filter(([, inner]) => inner !== undefined)
  return `{${entries
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, inner]) => `${JSON.stringify(name)}:${canonical(inner)}`)
    .join()}}`
}

async function digestOf(
  { encoder, onnxImage, preparation }: Omit<FreezableEncoder, 'channels'>,
  engine: Engine,
): Promise<string> {
  // An ONNX image model runs in ONNX Runtime whichever engine computes the rest, and its configuration names its file's digest.
  const computedBy = onnxImage || engine.name === 'onnx' ? 'onnx' : `tfjs ${engine.backend}`
  const config = onnxImage?.config ?? encoder?.config
  const hash = createHash('sha256')
  hash.update(canonical({ format: FORMAT_VERSION, encoder: config, preparation, computedBy }))
  const parameters = Object.entries(encoder?.parameters() ?? {}).sort(([a], [b]) => (a < b ? -1 : 1))
  for (const [name, variable] of parameters) {
    const values = await variable.data<'float32'>()
    hash.update(`\n${name} ${variable.shape.join('x')}\n`)
    hash.update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength))
  }
  return hash.digest('hex')
}
