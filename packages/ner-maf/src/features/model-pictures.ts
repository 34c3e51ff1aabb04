import { type Engine, threadsOf } from '@mafjs/compile/engine'
import type { Pictures } from '@mafjs/data'
import {
  type FeatureCounts,
  type OpenFeaturesOptions,
  type OpenPicturesOptions,
  openFeatures,
  openPictures,
} from '@mafjs/data/features'
import { type FrozenImageEncoder, freezeEncoder, isFrozen, type PicturePreparation } from '@mafjs/encoders'
import type { BatchPictures } from '../model/batch-arrays'
import type { Maf } from '../model/maf'

/** What says how a model reads pictures. */
type PictureModel = { config: Maf['config']; parts: Pick<Maf['parts'], 'imageEncoder' | 'onnxImage'> }

/** The image encoder of a model by itself; none where it is trained, or there is none. */
export function frozenEncoder(
  { config, parts: { imageEncoder: encoder, onnxImage } }: PictureModel,
  preparation: PicturePreparation,
  engine: Engine,
): FrozenImageEncoder | undefined {
  if (!config.interaction || !(onnxImage || (encoder && isFrozen(encoder)))) return undefined
  return freezeEncoder({ encoder, onnxImage, channels: config.interaction.imageSize, preparation }, engine)
}

/** Where the pictures of a run come from. */
export interface ModelPicturesOptions
  extends Omit<OpenFeaturesOptions, 'encoder'>,
    Omit<OpenPicturesOptions, 'threads'> {
  model: PictureModel
  engine: Engine
}

/** The pictures of a run, as its model takes them. */
export interface ModelPictures extends Pictures<BatchPictures> {
  /** Where features came from; none for a model that reads the pictures themselves. */
  counts(): FeatureCounts | undefined
  /** What features are made by; none for such a model. */
  encoder?: FrozenImageEncoder
}

/**
 * Opens the pictures in a folder for a model: their features where its image encoder is frozen, else the pictures themselves.
 *
 * @throws InvalidArgumentError for a cache that cannot be used.
 */
export async function openModelPictures({
  model,
  engine,
  ...options
}: ModelPicturesOptions): Promise<ModelPictures> {
  const encoder = frozenEncoder(model, options.preparation, engine)
  if (!encoder) {
    return { ...openPictures({ ...options, threads: threadsOf(engine) }), counts: () => undefined }
  }
  const features = await openFeatures({ ...options, encoder })
  return {
    ...features,
    encoder,
    async dispose() {
      await features.dispose()
      await encoder.dispose()
    },
  }
}
