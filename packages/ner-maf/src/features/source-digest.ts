import { createHash } from 'node:crypto'
import type { Engine } from '@mafjs/compile/engine'
import type { PicturePreparation } from '@mafjs/encoders'
import type { ImageParts } from '../engine/open-picture-encoder'

/** Changed whenever the same picture and encoder would give other numbers, or an entry another form. */
const FORMAT_VERSION = 1

/** What features are made by. */
export interface FeatureSource {
  parts: ImageParts
  preparation: PicturePreparation
  engine: Engine
}

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

/**
 * The SHA-256 of all that decides the features of a picture beside the picture: the encoder's configuration and every one of
 * its weights (or the ONNX file), how pictures are prepared, and what computes, for engines round differently.
 */
export async function sourceDigest({ parts, preparation, engine }: FeatureSource): Promise<string> {
  const { imageEncoder, onnxImage } = parts
  // An ONNX image model runs in ONNX Runtime whichever engine computes the rest.
  const computedBy = onnxImage || engine.name === 'onnx' ? 'onnx' : `tfjs ${engine.backend}`
  // The configuration of an ONNX image model names the digest of its file.
  const encoder = onnxImage?.config ?? imageEncoder?.config
  const hash = createHash('sha256')
  hash.update(canonical({ format: FORMAT_VERSION, encoder, preparation, computedBy }))
  const parameters = Object.entries(imageEncoder?.parameters() ?? {}).sort(([a], [b]) => (a < b ? -1 : 1))
  for (const [name, variable] of parameters) {
    const values = await variable.data<'float32'>()
    hash.update(`\n${name} ${variable.shape.join('x')}\n`)
    hash.update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength))
  }
  return hash.digest('hex')
}
