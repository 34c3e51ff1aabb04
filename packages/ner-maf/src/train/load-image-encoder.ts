import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import {
  type ImageEncoder,
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

/**
 * Loads a frozen image encoder: the weights of a ResNet, a ViT or CLIP in Hugging Face's layout, or an ONNX image model.
 *
 * @param path a file, a folder or a name on the hub
 * @throws InvalidArgumentError for what is none of these, and options of an ONNX image model for another.
 */
export async function loadImageEncoder(
  path: string,
  onnxOptions: OnnxImageOptions = {},
): Promise<LoadedImageEncoder> {
  if (path.endsWith('.onnx')) return onnxImage(path, onnxOptions)
  refuseOnnxImageOptions(onnxOptions, path)
  const isFile = await stat(path).then(
    found => found.isFile(),
    () => false,
  )
  if (isFile || WEIGHT_FILE.test(path)) return resNet(path)
  const folder = await resolveCheckpoint(path, { files: VISION_CHECKPOINT_FILES })
  const type = (await readJsonIfThere(join(folder, 'config.json')))?.['model_type']
  if (type === undefined) return resNet(folder)
  if (VISION_MODEL_TYPES.some(known => known === type)) return visionTransformer(folder)
  throw new InvalidArgumentError({
    argument: join(folder, 'config.json: model_type'),
    rule: `must be ${VISION_MODEL_TYPES.join(', ')} for an image encoder, or left out for a ResNet of torchvision's names`,
    received: type,
    fix: 'Export the model to ONNX and give the .onnx file.',
  })
}

async function resNet(path: string): Promise<LoadedImageEncoder> {
  const { encoder, report } = await loadResNet(path)
  return {
    encoder,
    config: encoder.config,
    channels: resNetChannels(encoder.config),
    preparation: RESNET_PREPARATION,
    notes: extraNotes(report.extra),
  }
}

async function visionTransformer(folder: string): Promise<LoadedImageEncoder> {
  const { encoder, preparation, report } = await loadVisionTransformer(folder)
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
