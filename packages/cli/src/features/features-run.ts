import { type Engine, type EngineOptions, useEngine } from '@mafjs/compile/engine'
import {
  type BrokenPicture,
  type OnBrokenPicture,
  picturesOf,
  type ReadingOptions,
  readDataset,
  readingOf,
  type Split,
  unreadNotes,
} from '@mafjs/data'
import {
  assertFeatureOptions,
  defaultFeatureCache,
  type FeatureCacheOptions,
  type FeatureCounts,
  openFeatures,
} from '@mafjs/data/features'
import { freezeEncoder, loadImageEncoder } from '@mafjs/encoders'
import { type OnnxImageOptions, onnxImageOptionsOf } from '@mafjs/encoders/onnx'
import { withLock } from '@mafjs/tensor/files'

/** Whose pictures are encoded, and by what. */
export interface FeaturesRunOptions
  extends EngineOptions,
    OnnxImageOptions,
    FeatureCacheOptions,
    ReadingOptions {
  /** A data folder, or one file. */
  data: string
  /** Folder of the pictures. */
  images: string
  /** A ResNet's weights, a ViT or CLIP folder, or an `.onnx` file. */
  imageEncoder: string
  /** Whether JPEGs are decoded smaller where that leaves enough of them; their features are kept apart. @default false */
  shrinkOnLoad?: boolean | undefined
  /** What a missing or broken picture does. @default 'skip' */
  onBrokenPicture?: OnBrokenPicture | undefined
  /** Called once with what was read, before the first picture. */
  onRead?: ((splits: Split[], notes: string[]) => void) | undefined
  /** Called after every picture. */
  onPicture?: ((done: number, of: number) => void) | undefined
  onNote?: ((note: string) => void) | undefined
}

/** What filling the cache ends with. */
export interface FeaturesRunResult {
  counts: FeatureCounts
  brokenPictures: BrokenPicture[]
  /** What computed. */
  engine: Engine
}

/**
 * Encodes the pictures of a data set that are not in the cache yet, so that no training has to. Ended at any moment, it goes
 * on where it was. Two at once would do everything twice: the second is refused; trainings may use the cache meanwhile.
 *
 * @throws InvalidArgumentError for data, an encoder or a cache that cannot be used.
 */
export async function featuresRun(options: FeaturesRunOptions): Promise<FeaturesRunResult> {
  assertFeatureOptions(options)
  const { featureCache = defaultFeatureCache() } = options
  return withLock(
    featureCache === 'none' ? undefined : featureCache,
    { command: 'ner-maf features', argument: 'featureCache', where: 'inside' },
    () => fillCache(options),
  )
}

/** What `featuresRun` does, beside any number of others that do it, or train, with the same cache. */
export async function fillCache({
  data,
  images,
  imageEncoder,
  shrinkOnLoad,
  onBrokenPicture,
  onRead,
  onPicture,
  onNote,
  ...options
}: FeaturesRunOptions): Promise<FeaturesRunResult> {
  const engine = await useEngine(options)
  const splits = Object.values(await readDataset({ data, images, onBrokenPicture, ...readingOf(options) }))
  const image = await loadImageEncoder(imageEncoder, { onnx: onnxImageOptionsOf(options), shrinkOnLoad })
  onRead?.(splits, [...(await unreadNotes(data)), ...image.notes])
  const { featureCache, featureCacheSize, featureType } = options
  const encoder = freezeEncoder(image, engine)
  try {
    const features = await openFeatures({
      // One picture after the other is asked for: none is needed a second time.
      ...{ encoder, images, onBrokenPicture, memory: 0 },
      ...{ featureCache, featureCacheSize, featureType, onNote },
    })
    try {
      const posts = splits.flatMap(({ examples }) => examples)
      const pictures = [...new Set(posts.flatMap(picturesOf))].map(image => ({ image }))
      for (const [i, picture] of pictures.entries()) {
        // The next picture is decoded while this one is encoded.
        await features.ahead(pictures.slice(i + 1, i + 2))
        await features.load([picture])
        onPicture?.(i + 1, pictures.length)
      }
      return { counts: features.counts(), brokenPictures: features.broken(), engine }
    } finally {
      await features.dispose()
    }
  } finally {
    await encoder.dispose()
    image.encoder?.dispose()
  }
}
