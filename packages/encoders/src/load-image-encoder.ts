import { join } from 'node:path'
import { InvalidArgumentError } from '@mafjs/tensor'
import { isFile } from './checkpoint/find-weights'
import { loadConvolutional } from './checkpoint/load-convolutional'
import { loadVisionTransformer, VISION_CHECKPOINT_FILES } from './checkpoint/load-vision-transformer'
import { naming } from './checkpoint/name-error'
import { readJsonIfThere } from './checkpoint/read-json'
import { VISION_MODEL_TYPES } from './checkpoint/vision-config-from-hugging-face'
import { type ResolveCheckpointOptions, resolveCheckpoint } from './hub'
import {
  type AnyImageEncoder,
  createImageEncoder,
  type ImageEncoderConfig,
} from './image/create-image-encoder'
import { EFFICIENTNET_CHANNELS } from './image/efficientnet-config'
import { resNetChannels } from './image/resnet-config'
import { loadOnnxImage } from './onnx/load-onnx-image'
import type { OnnxImage } from './onnx/onnx-image'
import { type OnnxImageOptions, refuseOnnxImageOptions } from './onnx/onnx-image-options'
import type { PicturePreparation } from './pictures'
import { preparationOf } from './pictures/saved-preparation'

/** An image encoder, how its pictures are prepared, and what its checkpoint held beyond what was asked for. */
export interface LoadedImageEncoder {
  /** One that can be part of a model; none for an `.onnx` file. */
  encoder?: AnyImageEncoder
  /** One that runs outside of any model: that of an `.onnx` file. */
  onnxImage?: OnnxImage
  /** Rebuilds it, by `createImageEncoder` or `createOnnxImage`. */
  config: AnyImageEncoder['config'] | OnnxImage['config']
  /** Size of a region and of the summary. */
  channels: number
  preparation: PicturePreparation
  /** Sentences for a person. */
  notes: string[]
}

/** Endings of files that hold weights; one of these that is not there is not looked up on the hub. */
const WEIGHT_FILE = /\.(pth|pt|th|bin|safetensors)$/

const extraNotes = (extra: readonly string[]): string[] =>
  extra.length > 0 ? [`Not part of the image encoder: ${extra.join(', ')}.`] : []

/** How an image encoder is loaded. */
export interface LoadImageEncoderOptions {
  /** Whether it is trained further; one from random weights always is. @default false */
  trainable?: boolean | undefined
  /** What the random weights of one without a checkpoint are drawn from. @default 0 */
  seed?: number | undefined
  /** How an `.onnx` file is used. */
  onnx?: OnnxImageOptions | undefined
  /** Whether the JPEGs that it encodes are decoded smaller, see `loadPicture`; its features are others then. @default false */
  shrinkOnLoad?: boolean | undefined
  /** Where a name is looked up: revision, cache, endpoint, token. @default the hub as it is configured */
  hub?: ResolveCheckpointOptions | undefined
}

/**
 * Loads an image encoder: a ResNet with the names of torchvision, timm or Hugging Face, an EfficientNet-Lite (a file, or the
 * folder of a checkpoint), a ViT, a CLIP or its vision model in Hugging Face's layout, an `.onnx` file, or a `.json` file with the
 * configuration of one that starts from random weights.
 *
 * @param path a file, a folder, or a name on the hub such as `timm/resnet152.tv_in1k`
 * @throws InvalidArgumentError for what is none of these, or broken; options of an ONNX image model for another, and one that
 * is to be trained.
 */
export async function loadImageEncoder(
  path: string,
  { shrinkOnLoad = false, ...options }: LoadImageEncoderOptions = {},
): Promise<LoadedImageEncoder> {
  const loaded = await loadByPath(path, options)
  return shrinkOnLoad ? { ...loaded, preparation: { ...loaded.preparation, shrinkOnLoad } } : loaded
}

async function loadByPath(
  path: string,
  { trainable = false, seed = 0, onnx = {}, hub = {} }: Omit<LoadImageEncoderOptions, 'shrinkOnLoad'>,
): Promise<LoadedImageEncoder> {
  if (path.endsWith('.onnx')) {
    if (!trainable) return onnxImage(path, onnx)
    throw new InvalidArgumentError({
      argument: 'trainable',
      rule: 'must be false for an ONNX image model, which is frozen',
      received: path,
      fix: 'Take weights of a ResNet, a ViT or a CLIP to train them further.',
    })
  }
  refuseOnnxImageOptions(onnx, path)
  if (path.endsWith('.json')) return randomEncoder(path, seed)
  if (WEIGHT_FILE.test(path) || (await isFile(path))) return convolutional(path, trainable)
  const folder = await resolveCheckpoint(path, { files: VISION_CHECKPOINT_FILES, ...hub })
  const type = (await readJsonIfThere(join(folder, 'config.json')))?.['model_type']
  if (type === undefined || type === 'resnet') return convolutional(folder, trainable)
  if (VISION_MODEL_TYPES.some(known => known === type)) return visionTransformer(folder, trainable)
  throw new InvalidArgumentError({
    argument: join(folder, 'config.json: model_type'),
    rule: `must be resnet, ${VISION_MODEL_TYPES.join(', ')} for an image encoder, or left out for the names of torchvision or timm`,
    received: type,
    fix: 'Export the model to ONNX and give the .onnx file.',
  })
}

/** A configuration of `createImageEncoder` with `pictureSize` beside it, 224 where it says none. */
async function randomEncoder(path: string, seed: number): Promise<LoadedImageEncoder> {
  const json = await readJsonIfThere(path)
  if (!json) {
    throw new InvalidArgumentError({
      argument: 'image encoder',
      rule: 'must be a file that is there',
      received: path,
    })
  }
  const { pictureSize, ...given } = json as { pictureSize?: number } & ImageEncoderConfig
  const encoder = naming(path, () =>
    createImageEncoder({ ...given, seed, ...(given.kind !== 'patches' && { trainable: true }) }),
  )
  const { config } = encoder
  const size = 'imageSize' in config ? config.imageSize : Number(pictureSize ?? 224)
  return {
    encoder,
    config,
    channels: channelsOf(config),
    preparation: { ...preparationOf({ pictureSize: size }), resize: size },
    notes: ['The image encoder starts from random weights and is trained.'],
  }
}

function channelsOf(config: AnyImageEncoder['config']): number {
  if (config.kind === 'resnet') return resNetChannels(config)
  if (config.kind === 'efficientnet-lite') return EFFICIENTNET_CHANNELS
  return config.kind === 'patches' ? config.channels : config.hidden
}

async function convolutional(path: string, trainable: boolean): Promise<LoadedImageEncoder> {
  const { encoder, preparation, report } = await loadConvolutional(path, { trainable })
  const { config } = encoder
  const notes = [...report.notes, ...extraNotes(report.extra)]
  return { encoder, config, channels: channelsOf(config), preparation, notes }
}

async function visionTransformer(folder: string, trainable: boolean): Promise<LoadedImageEncoder> {
  const { encoder, preparation, report } = await loadVisionTransformer(folder, { trainable })
  const { config } = encoder
  const notes = [...report.notes, ...extraNotes(report.extra)]
  return { encoder, config, channels: config.hidden, preparation, notes }
}

async function onnxImage(path: string, options: OnnxImageOptions): Promise<LoadedImageEncoder> {
  const { onnxImage, preparation } = await loadOnnxImage(path, options)
  const { config } = onnxImage
  const { regions, channels, summaryOutput, imageSize } = config
  const summary =
    summaryOutput === undefined ? 'their mean as the summary' : `${summaryOutput} as the summary`
  const note = `The image model gives ${regions} regions of ${channels} numbers for ${imageSize} x ${imageSize} pixels, ${summary}.`
  return { onnxImage, config, channels, preparation, notes: [note] }
}
