import { useEngine } from '@mafjs/compile/engine'
import { loadImageEncoder } from '@mafjs/encoders'
import { openFeatures } from '@mafjs/ner-maf'
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
  const { onnxImage, preparation } = await loadImageEncoder(imageEncoder, { onnx: { regionsOutput } })
  const features = await openFeatures({
    ...{ parts: { onnxImage }, engine, images, preparation, strict: true, memory: 0 },
    ...(featureCache !== undefined && { featureCache }),
  })
  try {
    const vectors: Float32Array[] = []
    for (const picture of pictures)
      vectors.push((await features.loadBatch([{ image: picture }])).summary.data)
    return stack(vectors)
  } finally {
    await features.dispose()
  }
}
