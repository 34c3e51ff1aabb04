import { InvalidArgumentError } from '@mafjs/tensor'
import type { ImageEncoder } from '../image/image-inputs'
import type { CompleteResNetConfig, ResNetBlock, ResNetLayers } from '../image/resnet-config'
import { createResNetEncoder } from '../image/resnet-encoder'
import { readWeights, type Weights } from '../weights'
import { assignNetwork } from './assign-network'
import type { CheckpointReport } from './assign-weights'
import { findNetwork } from './find-network'
import { findWeights, isFolder } from './find-weights'

/** How a ResNet is loaded. */
export interface LoadResNetOptions {
  /** Whether it is trained further. @default false */
  trainable?: boolean | undefined
}

/** A pretrained ResNet without its classifier. */
export interface LoadedResNet {
  encoder: ImageEncoder<CompleteResNetConfig>
  report: CheckpointReport
}

/**
 * Loads a ResNet with torchvision's names (`resnet152-*.pth`, or the same as safetensors); its depth and block are read
 * from the tensors. Counters of batch norm (`num_batches_tracked`) steer nothing and are not listed.
 *
 * @param path a file, or a folder that holds `model.safetensors` or `pytorch_model.bin`
 * @throws InvalidArgumentError for an unreadable file, one that is no ResNet of four stages, and tensors that are
 * missing or misshaped: all of them are named.
 */
export async function loadResNet(
  path: string,
  { trainable = false }: LoadResNetOptions = {},
): Promise<LoadedResNet> {
  const file = (await isFolder(path)) ? await findWeights(path) : path
  const read = await readWeights(file)
  const found = findNetwork(read.weights, { anchor: 'layer1.0.conv1.weight', counters: COUNTERS }, file)
  const encoder = createResNetEncoder(
    { kind: 'resnet', ...inferShape(found.own, file), trainable },
    { initialise: false },
  )
  try {
    const extra = assignNetwork(encoder.parameters(), found, HEADS, file)
    return { encoder, report: { file, extra, notes: [...read.notes, ...found.notes] } }
  } catch (error) {
    encoder.dispose()
    throw error
  }
}

/** Batch norm's count of what it has seen. */
const COUNTERS = /\.num_batches_tracked$/

/** Classifiers, the heads of contrastive and of dense training, and what they keep beside the network. */
const HEADS =
  /^(fc|classifier|head|linear|projector|projection_head|predictor|prototypes|queue|queue_ptr|neck|[a-z_]+_head|logit_scale|criterion|loss(_fn)?)(\.|$)/

interface InferredShape {
  block: ResNetBlock
  layers: ResNetLayers
  width: number
}

/** Block and blocks per stage from the names, the width from the first convolution. */
function inferShape(weights: Weights, file: string): InferredShape {
  const layers = [1, 2, 3, 4].map(stage => {
    let count = 0
    while (weights[`layer${stage}.${count}.conv1.weight`]) count++
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
  const block = weights['layer1.0.conv3.weight'] ? 'bottleneck' : 'basic'
  return { block, layers: layers as ResNetLayers, width: weights['conv1.weight']?.shape[0] ?? 64 }
}
