import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import {
  createImageEncoder,
  type ImageEncoder,
  type ImageEncoderConfig,
  loadResNet,
  loadVisionTransformer,
  type PicturePreparation,
  readJsonIfThere,
  resNetChannels,
  resolveCheckpoint,
  VISION_CHECKPOINT_FILES,
  VISION_MODEL_TYPES,
} from '@mafjs/encoders'
import { InvalidArgumentError } from '@mafjs/tensor'
import type { MafConfig } from '../model/config'
import { loadOnnxImage } from '../onnx-image/load-onnx-image'
import type { OnnxImage } from '../onnx-image/onnx-image'
import { type OnnxImageOptions, refuseOnnxImageOptions } from '../onnx-image/onnx-image-options'
import { preparationOf } from '../predict/picture-options'

/** An image encoder, how its pictures are prepared, and what its checkpoint held beyond what was asked for. */
export interface LoadedImageEncoder {
  /** One that is part of the model. */
  encoder?: ImageEncoder
  /** One that runs outside of it. */
  onnxImage?: OnnxImage
  config: NonNullable<MafConfig['imageEncoder']>
  channels: number
  preparation: PicturePreparation
  notes: string[]
}

/** What every ResNet here was trained on: 224 x 224 from a short side of 256. */
const RESNET_PREPARATION = preparationOf({ pictureSize: 224 })

/** Endings of files that hold weights; one of these that is not there is not looked up on the hub. */
const WEIGHT_FILE = /\.(pth|pt|th|bin|safetensors)$/

const extraNotes = (extra: readonly string[]): string[] =>
  extra.length > 0 ? [`Not part of the image encoder: ${extra.join(', ')}.`] : []

/** How an image encoder is loaded. */
export interface LoadImageEncoderOptions {
  /** Whether it is trained further; one from random weights always is. @default false */
  trainable?: boolean
  /** What the random weights of one without a checkpoint are drawn from. @default 0 */
  seed?: number
  /** How an `.onnx` file is used. */
  onnx?: OnnxImageOptions
}

/**
 * Loads an image encoder: the weights of a ResNet, a ViT or CLIP in Hugging Face's layout, an ONNX image model, or the
 * configuration of one that starts from random weights.
 *
 * @param path a file, a folder or a name on the hub
 * @throws InvalidArgumentError for what is none of these, options of an ONNX image model for another, and one that is to be
 * trained.
 */
export async function loadImageEncoder(
  path: string,
  { trainable = false, seed = 0, onnx = {} }: LoadImageEncoderOptions = {},
): Promise<LoadedImageEncoder> {
  if (path.endsWith('.onnx')) {
    if (!trainable) return onnxImage(path, onnx)
    throw new InvalidArgumentError({
      argument: '--train-image-encoder',
      rule: 'needs an image encoder that can be trained',
      received: path,
      fix: 'Leave it out: an ONNX image model is frozen.',
    })
  }
  refuseOnnxImageOptions(onnx, path)
  if (path.endsWith('.json')) return randomEncoder(path, seed)
  const isFile = await stat(path).then(
    found => found.isFile(),
    () => false,
  )
  if (isFile || WEIGHT_FILE.test(path)) return resNet(path, trainable)
  const folder = await resolveCheckpoint(path, { files: VISION_CHECKPOINT_FILES })
  const type = (await readJsonIfThere(join(folder, 'config.json')))?.['model_type']
  if (type === undefined) return resNet(folder, trainable)
  if (VISION_MODEL_TYPES.some(known => known === type)) return visionTransformer(folder, trainable)
  throw new InvalidArgumentError({
    argument: join(folder, 'config.json: model_type'),
    rule: `must be ${VISION_MODEL_TYPES.join(', ')} for an image encoder, or left out for a ResNet of torchvision's names`,
    received: type,
    fix: 'Export the model to ONNX and give the .onnx file.',
  })
}

/** A configuration of `createImageEncoder` with `pictureSize` beside it, 224 where it says none. */
async function randomEncoder(path: string, seed: number): Promise<LoadedImageEncoder> {
  const json = await readJsonIfThere(path)
  if (!json) {
    throw new InvalidArgumentError({
      argument: '--image-encoder',
      rule: 'must be a file that is there',
      received: path,
    })
  }
  const { pictureSize, ...stated } = json
  const given = stated as unknown as ImageEncoderConfig
  const config = {
    ...given,
    seed,
    ...(given.kind !== 'patches' && { trainable: true }),
  } as ImageEncoderConfig
  const encoder = createImageEncoder(config)
  const size = 'imageSize' in encoder.config ? encoder.config.imageSize : Number(pictureSize ?? 224)
  return {
    encoder,
    config: encoder.config,
    channels: channelsOf(encoder.config),
    preparation: { ...preparationOf({ pictureSize: size }), resize: size },
    notes: ['The image encoder starts from random weights and is trained.'],
  }
}

function channelsOf(config: ReturnType<typeof createImageEncoder>['config']): number {
  if (config.kind === 'resnet') return resNetChannels(config)
  return config.kind === 'patches' ? config.channels : config.hidden
}

async function resNet(path: string, trainable: boolean): Promise<LoadedImageEncoder> {
  const { encoder, report } = await loadResNet(path, { trainable })
  return {
    encoder,
    config: encoder.config,
    channels: resNetChannels(encoder.config),
    preparation: RESNET_PREPARATION,
    notes: extraNotes(report.extra),
  }
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
