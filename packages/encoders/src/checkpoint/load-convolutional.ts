import { basename, dirname, join } from 'node:path'
import { InvalidArgumentError, withNumbersOf } from '@mafjs/tensor'
import { asText } from '@mafjs/tensor/json'
import { createImageEncoder, type ImageEncoderConfig } from '../image/create-image-encoder'
import type { CompleteEfficientNetConfig } from '../image/efficientnet-config'
import { EFFICIENTNET_LITE } from '../image/efficientnet-config'
import type { ImageEncoder } from '../image/image-inputs'
import type { CompleteResNetConfig } from '../image/resnet-config'
import type { PicturePreparation } from '../pictures'
import { preparationOf } from '../pictures/saved-preparation'
import { numbersIn, readWeights, WEIGHT_FILES, type Weights } from '../weights'
import { assignNetwork } from './assign-network'
import type { CheckpointReport } from './assign-weights'
import { inferEfficientNet, toTimmName } from './efficientnet-names'
import { findNetwork } from './find-network'
import { findWeights, isFolder } from './find-weights'
import { checkHuggingFaceResNet } from './hugging-face-resnet'
import { naming } from './name-error'
import { picturePreparation } from './picture-preparation'
import { type JsonObject, readJsonIfThere } from './read-json'
import { inferResNet, toTorchvisionName } from './resnet-names'
import { timmArchitecture, timmPreparation } from './timm-config'

/** How a convolutional network is loaded. */
export interface LoadConvolutionalOptions {
  /** Whether it is trained further. @default false */
  trainable?: boolean | undefined
}

/** A pretrained convolutional network without its classifier, and how its pictures are prepared. */
export interface LoadedConvolutional {
  encoder: ImageEncoder<CompleteResNetConfig | CompleteEfficientNetConfig>
  preparation: PicturePreparation
  report: CheckpointReport
}

/** What every ResNet of torchvision was trained on: 224 x 224 from a short side of 256. */
const TORCHVISION = preparationOf({ pictureSize: 224 })

/** A library's names for one kind of network. */
interface Family {
  /** A tensor by which it is told. */
  anchor: string
  usual?: string[]
  /** The architectures of timm that have these tensors and are computed here. */
  timm?: RegExp
  config(weights: Weights, context: Context): ImageEncoderConfig
  rename?(config: ImageEncoderConfig): (name: string) => string
  /** How its pictures are prepared where no file says it. */
  preparation(config: ImageEncoderConfig): PicturePreparation
}

/** What a folder says beside the weights. */
interface Context {
  file: string
  json: JsonObject
  source: string
}

/** (x - 127) / 128, as TensorFlow's Lite networks were trained. */
function litePreparation(config: ImageEncoderConfig): PicturePreparation {
  const { pictureSize } = EFFICIENTNET_LITE[(config as CompleteEfficientNetConfig).scale]!
  const [mean, deviation] = [127 / 255, 128 / 255]
  return {
    ...preparationOf({ pictureSize }),
    resize: Math.floor(pictureSize / 0.875),
    resample: 'bicubic',
    mean: [mean, mean, mean],
    deviation: [deviation, deviation, deviation],
  }
}

const FAMILIES: readonly Family[] = [
  {
    anchor: 'layer1.0.conv1.weight',
    timm: /^(tv_|gluon_)?resnet(18|26|34|50|101|152|200)d?$/,
    config: (weights, { file }) => inferResNet(weights, file),
    preparation: () => TORCHVISION,
  },
  {
    anchor: 'embedder.embedder.convolution.weight',
    usual: ['resnet.'],
    config(weights, { file, json, source }) {
      const named = Object.entries(weights).map(
        ([name, weight]) => [toTorchvisionName(name), weight] as const,
      )
      const config = inferResNet(Object.fromEntries(named), file)
      checkHuggingFaceResNet(json, config, source)
      return config
    },
    rename: () => toTorchvisionName,
    preparation: () => TORCHVISION,
  },
  {
    anchor: '_blocks.0._depthwise_conv.weight',
    config: (weights, { file }) => inferEfficientNet(weights, i => `_blocks.${i}._depthwise_conv`, file),
    rename: config => toTimmName((config as CompleteEfficientNetConfig).scale),
    preparation: litePreparation,
  },
  {
    anchor: 'blocks.0.0.conv_dw.weight',
    timm: /^(tf_)?efficientnet_lite[0-4]$/,
    config(weights, { file, json, source }) {
      const config = inferEfficientNet(weights, (_, name) => name, file)
      const architecture = timmArchitecture(json, /^(tf_)?efficientnet_lite[0-4]$/, source)
      // Without `tf_` timm trained it itself, with PyTorch's padding and epsilon.
      return architecture.startsWith('tf_')
        ? config
        : { ...config, padding: 'symmetric', batchNormEpsilon: 1e-5 }
    },
    preparation: litePreparation,
  },
]

/** Batch norm's count of what it has seen, and that of the networks of which a mean was taken. */
const COUNTERS = /\.num_batches_tracked$|(^|\.)n_averaged$/

/** Classifiers, the heads of contrastive and of dense training, and what they keep beside the network. */
const HEADS =
  /^(_?fc|classifier|head|linear|projector|projection_head|predictor|prototypes|queue|queue_ptr|neck|[a-z_]+_head|logit_scale|criterion|loss(_fn)?)(\.|$)/

/**
 * Loads a ResNet with the names of torchvision, timm or Hugging Face, or an EfficientNet-Lite with those of timm or of
 * TensorFlow's conversion; depth, block and widths are read from the tensors, the preparation of pictures from timm's `config.json` or
 * Hugging Face's `preprocessor_config.json`. Counters of batch norm steer nothing and are not listed.
 *
 * @param path a file, or the folder of a checkpoint
 * @throws InvalidArgumentError for an unreadable file, one of another network or architecture, and tensors that are missing,
 * misshaped, not finite or without a place: all of them are named.
 */
export async function loadConvolutional(
  path: string,
  { trainable = false }: LoadConvolutionalOptions = {},
): Promise<LoadedConvolutional> {
  const file = (await isFolder(path)) ? await findWeights(path) : path
  const read = await readWeights(file)
  const names = Object.keys(read.weights)
  const family =
    FAMILIES.find(({ anchor }) => names.some(name => `.${name}`.endsWith(`.${anchor}`))) ?? FAMILIES[0]!
  const { anchor, usual } = family
  const found = findNetwork(read.weights, { anchor, usual, counters: COUNTERS }, file)
  // The file of a checkpoint's folder has its config.json beside it; one of another name belongs to nothing.
  const folder = WEIGHT_FILES.includes(basename(file)) ? dirname(file) : undefined
  const source = join(folder ?? dirname(file), 'config.json')
  const json = (folder !== undefined && (await readJsonIfThere(source))) || {}
  if (json['architecture'] !== undefined && family.timm) timmArchitecture(json, family.timm, source)
  const config = { ...family.config(found.own, { file, json, source }), trainable } as ImageEncoderConfig
  checkVariant(json, config, source)
  const { preparation, notes } = await preparationIn(folder, json, family.preparation(config), source)
  const rename = family.rename?.(config) ?? (name => name)
  const own = Object.fromEntries(Object.entries(found.own).map(([name, weight]) => [rename(name), weight]))
  const encoder = naming(file, () =>
    withNumbersOf(
      numbersIn(read.weights),
      () => createImageEncoder(config, { initialise: false }) as LoadedConvolutional['encoder'],
    ),
  )
  try {
    const extra = assignNetwork(encoder.parameters(), { own, beside: found.beside }, HEADS, file)
    return { encoder, preparation, report: { file, extra, notes: [...read.notes, ...found.notes, ...notes] } }
  } catch (error) {
    encoder.dispose()
    throw error
  }
}

/** A ResNet-D is told by its name and by its tensors: they must say the same. */
function checkVariant(json: JsonObject, config: ImageEncoderConfig, source: string): void {
  if (config.kind !== 'resnet' || json['architecture'] === undefined) return
  const states = /\dd$/.test(asText(json['architecture']).split('.')[0]!)
  if (states === (config.variant === 'd')) return
  throw new InvalidArgumentError({
    argument: `${source}: architecture`,
    rule: `must be that of its tensors, ${config.variant === 'd' ? 'a ResNet-D' : 'no ResNet-D'}`,
    received: json['architecture'],
    fix: 'Take the config.json that belongs to the weights.',
  })
}

async function preparationIn(
  folder: string | undefined,
  json: JsonObject,
  usual: PicturePreparation,
  source: string,
): Promise<{ preparation: PicturePreparation; notes: string[] }> {
  if (json['pretrained_cfg'] !== undefined || json['architecture'] !== undefined) {
    return { preparation: timmPreparation(json, source), notes: [] }
  }
  const own = folder === undefined ? undefined : join(folder, 'preprocessor_config.json')
  const stated = own === undefined ? undefined : await readJsonIfThere(own)
  if (stated) return { preparation: picturePreparation(stated, own), notes: [] }
  const note = 'No preprocessor_config.json: pictures are prepared as for torchvision.'
  return { preparation: usual, notes: json['model_type'] === undefined ? [] : [note] }
}
