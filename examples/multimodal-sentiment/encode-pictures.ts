import { useEngine } from '@mafjs/compile/engine'
import { openFeatures } from '@mafjs/data/features'
import { freezeEncoder, loadImageEncoder } from '@mafjs/encoders'
import type { Sequence } from './frozen-task'
import { poolRegions } from './pool-regions'

/** Which frozen image model encodes pictures. */
export interface PictureEncoderOptions {
  /** An `.onnx` file. */
  imageEncoder: string
  /** Its output with the regions of a picture. */
  regionsOutput: string
  /** Where features are kept for the next run; `none`: nowhere. @default the user's folder for caches */
  featureCache?: string
}

/** Regions of a side that are kept: seven of them would be five times the memory, and the steps as much slower. */
const SIDE = 3

/**
 * The regions that a frozen image model gives each picture, 3 x 3 of them. What was computed once comes from the cache.
 *
 * @param images their folder
 * @throws InvalidArgumentError for a picture that cannot be decoded.
 */
export async function encodePictures(
  images: string,
  pictures: readonly string[],
  { imageEncoder, regionsOutput, featureCache }: PictureEncoderOptions,
): Promise<Sequence[]> {
  const engine = await useEngine({ engine: 'onnx', threads: 1 })
  const encoder = freezeEncoder(await loadImageEncoder(imageEncoder, { onnx: { regionsOutput } }), engine)
  const features = await openFeatures({ encoder, images, featureCache, onBrokenPicture: 'stop', memory: 0 })
  try {
    const sequences: Sequence[] = []
    for (const image of pictures) {
      const { data, shape } = (await features.load([{ image }])).states
      sequences.push(poolRegions({ data, positions: shape[1]!, size: shape[2]! }, SIDE))
    }
    return sequences
  } finally {
    await features.dispose()
    await encoder.dispose()
  }
}
