import { InvalidArgumentError } from '@mafjs/tensor'
import type { ResNetConfig, ResNetLayers } from '../image/resnet-config'
import type { Weights } from '../weights'

/** Where Hugging Face's `ResNetModel` has other names than torchvision. */
const HUGGING_FACE: readonly (readonly [RegExp, (...parts: string[]) => string])[] = [
  [/^embedder\.embedder\.convolution\./, () => 'conv1.'],
  [/^embedder\.embedder\.normalization\./, () => 'bn1.'],
  [
    /^encoder\.stages\.(\d+)\.layers\.(\d+)\.shortcut\.(convolution|normalization)\./,
    (_, stage, block, part) =>
      `layer${Number(stage) + 1}.${block}.downsample.${part === 'convolution' ? 0 : 1}.`,
  ],
  [
    /^encoder\.stages\.(\d+)\.layers\.(\d+)\.layer\.(\d+)\.(convolution|normalization)\./,
    (_, stage, block, layer, part) =>
      `layer${Number(stage) + 1}.${block}.${part === 'convolution' ? 'conv' : 'bn'}${Number(layer) + 1}.`,
  ],
]

/** A name of Hugging Face's `ResNetModel` as torchvision has it. */
export const toTorchvisionName = (name: string): string =>
  HUGGING_FACE.reduce((own, [theirs, ours]) => own.replace(theirs, ours), name)

/** Block, blocks per stage and variant from the names, the width from the last convolution of the stem. */
export function inferResNet(weights: Weights, file: string): ResNetConfig {
  const layers = [1, 2, 3, 4].map(stage => {
    let count = 0
    while (Object.hasOwn(weights, `layer${stage}.${count}.conv1.weight`)) count++
    return count
  })
  if (layers.includes(0)) {
    const absent = layers.flatMap((count, i) => (count === 0 ? [`layer${i + 1}.0.conv1.weight`] : []))
    throw new InvalidArgumentError({
      argument: file,
      rule: 'must hold a ResNet of four stages with the names of torchvision',
      received: `no ${absent.join(', ')} among ${Object.keys(weights).slice(0, 5).join(', ')} ...`,
    })
  }
  const block = Object.hasOwn(weights, 'layer1.0.conv3.weight') ? 'bottleneck' : 'basic'
  const last = weights['conv1.6.weight']
  const width = (last ?? weights['conv1.weight'])?.shape[0] ?? 64
  return { kind: 'resnet', block, layers: layers as ResNetLayers, width, variant: last ? 'd' : undefined }
}
