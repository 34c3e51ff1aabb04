import type { HostArray } from '@mafjs/compile'
import type { LoadedPicture } from '@mafjs/data'
import type { PictureEncoder } from '@mafjs/encoders'
import type { Features } from './features'

/** Numbers of their own: an engine may hand out memory that its next call writes into. */
const copy = ({ data }: HostArray<Float32Array>): Float32Array => Float32Array.from(data)

async function encode(encoder: PictureEncoder, pixels: Float32Array, side: number, present: 0 | 1) {
  const { states, summary, mask } = await encoder.encode({
    pixels: { data: pixels, shape: [1, side, side, 3] },
    present: { data: Float32Array.of(present), shape: [1] },
  })
  const [, regions, channels] = states.shape as [number, number, number]
  return { regions, channels, states: copy(states), summary: copy(summary), mask: copy(mask) }
}

/**
 * What an encoder makes of one picture. Always of one: in a batch its last bits could depend on the others, and then on which
 * of them are cached.
 */
export const encodeOne = (encoder: PictureEncoder, { pixels, width }: LoadedPicture): Promise<Features> =>
  encode(encoder, pixels, width, 1)

/** What an encoder makes of no picture. */
export const encodeNone = (encoder: PictureEncoder, side: number): Promise<Features> =>
  encode(encoder, new Float32Array(side * side * 3), side, 0)
