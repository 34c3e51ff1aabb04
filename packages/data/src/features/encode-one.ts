import type { HostArray } from '@mafjs/compile'
import type { FrozenImageEncoder } from '@mafjs/encoders'
import type { Features } from './features'

/** What encodes decoded pictures, wherever it runs. */
export type PictureEncoder = Pick<FrozenImageEncoder, 'preparation' | 'encode'>

/** Numbers of their own: an engine may hand out memory that its next call writes into. */
const copy = ({ data }: HostArray<Float32Array>): Float32Array => Float32Array.from(data)

async function encode(encoder: PictureEncoder, pixels: Float32Array, present: 0 | 1) {
  const { size } = encoder.preparation
  const { states, summary, mask } = await encoder.encode({
    pixels: { data: pixels, shape: [1, size, size, 3] },
    present: { data: Float32Array.of(present), shape: [1] },
  })
  const [, regions, channels] = states.shape as [number, number, number]
  return { regions, channels, states: copy(states), summary: copy(summary), mask: copy(mask) }
}

/**
 * What an encoder makes of one decoded picture. Always of one: in a batch its last bits could depend on the others, and then on
 * which of them are cached.
 */
export const encodeOne = (encoder: PictureEncoder, pixels: Float32Array): Promise<Features> =>
  encode(encoder, pixels, 1)

/** What an encoder makes of no picture. */
export const encodeNone = (encoder: PictureEncoder): Promise<Features> =>
  encode(encoder, new Float32Array(encoder.preparation.size ** 2 * 3), 0)
