import { useEngine } from '@mafjs/compile/engine'
import { openFeatures } from '@mafjs/data/features'
import { freezeEncoder, loadImageEncoder } from '@mafjs/encoders'
import { type Features, stack } from './features'

/** Which frozen image model encodes pictures. */
export interface PictureEncoderOptions {
  /** An `.onnx` file. */
  imageEncoder: string
  /** Its output with the regions of a picture; their mean is the picture's vector. */
  regionsOutput: string
  /** Where features are kept for the next run; `none`: nowhere. @default the user's folder for caches */
  featureCache?: string
}

/**
 * One vector for each picture: the summary a frozen image model makes of it. What was computed once comes from the cache.
 *
 * @param images their folder
 * @throws InvalidArgumentError for a picture that cannot be decoded.
 */
export async function encodePictures(
  images: string,
  pictures: readonly string[],
  { imageEncoder, regionsOutput, featureCache }: PictureEncoderOptions,
): Promise<Features> {
  const engine = await useEngine({ engine: 'onnx', threads: 1 })
  const encoder = freezeEncoder(await loadImageEncoder(imageEncoder, { onnx: { regionsOutput } }), engine)
  const features = await openFeatures({ encoder, images, featureCache, onBrokenPicture: 'stop', memory: 0 })
  try {
    const vectors: Float32Array[] = []
    for (const picture of pictures) vectors.push((await features.load([{ image: picture }])).summary.data)
    return stack(vectors)
  } finally {
    await features.dispose()
    await encoder.dispose()
  }
}
