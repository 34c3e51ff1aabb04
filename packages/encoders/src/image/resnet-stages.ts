import type { Parameters } from '@mafjs/tensor'
import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core'
import * as tf from '@tensorflow/tfjs-core'
import type { CompleteResNetConfig } from './resnet-config'
import { type BlockPlan, blockPlans } from './resnet-specs'
import { zeroPadded } from './zero-padded'

/** The maps after the first pooling and after each stage, `[batch, height, width, channels]`. */
export interface ResNetStages {
  maxpool: Tensor4D
  layer1: Tensor4D
  layer2: Tensor4D
  layer3: Tensor4D
  layer4: Tensor4D
}

/** Batch norm's epsilon in torchvision. */
const EPSILON = 1e-5

/**
 * ResNet (He et al. 2016, in torchvision's v1.5 form) as a pure function of its parameters, batch norm always in
 * evaluation mode.
 *
 * @param pixels `[batch, height, width, 3]`, normalised
 * @param parameters torchvision's names, OIHW layout
 */
export function resNetStages(
  pixels: Tensor4D,
  parameters: Parameters,
  config: CompleteResNetConfig,
): ResNetStages {
  return tf.tidy(() => {
    const first = convolve(pixels, parameters, { name: 'conv1', norm: 'bn1', stride: 2, relu: true })
    const { x: map, pad } = zeroPadded(first, 1)
    const maxpool = tf.maxPool(map, 3, 2, pad)
    let x = maxpool
    const maps = blockPlans(config).map(plans => {
      for (const plan of plans) x = residualBlock(x, parameters, plan)
      return x
    })
    const [layer1, layer2, layer3, layer4] = maps as [Tensor4D, Tensor4D, Tensor4D, Tensor4D]
    return { maxpool, layer1, layer2, layer3, layer4 }
  })
}

/** `relu(shortcut(x) + F(x))`, He et al. 2016, eq. 1 and 2. */
function residualBlock(x: Tensor4D, parameters: Parameters, plan: BlockPlan): Tensor4D {
  const { name, stride, convolutions, downsample } = plan
  const last = convolutions.length - 1
  const residual = convolutions.reduce(
    (input, convolution, i) =>
      convolve(input, parameters, {
        name: `${name}.conv${i + 1}`,
        norm: `${name}.bn${i + 1}`,
        stride: convolution.stride,
        relu: i < last,
      }),
    x,
  )
  const shortcut = downsample
    ? convolve(x, parameters, {
        name: `${name}.downsample.0`,
        norm: `${name}.downsample.1`,
        stride,
        relu: false,
      })
    : x
  return tf.relu(tf.add(shortcut, residual)) as Tensor4D
}

interface Convolution {
  name: string
  norm: string
  stride: 1 | 2
  relu: boolean
}

/**
 * Convolution, batch norm in evaluation mode and optionally ReLU. With fixed statistics batch norm is
 * `x * scale + shift`, so the scale goes into the weight, which is smaller than the map, and the shift is a bias.
 */
function convolve(x: Tensor4D, parameters: Parameters, { name, norm, stride, relu }: Convolution): Tensor4D {
  const parameter = (key: string): Tensor => parameters[key]!
  const deviation = tf.sqrt(tf.add(parameter(`${norm}.running_var`), EPSILON))
  const scale = tf.div(parameter(`${norm}.weight`), deviation)
  const shift = tf.sub(parameter(`${norm}.bias`), tf.mul(parameter(`${norm}.running_mean`), scale))
  const weight = parameter(`${name}.weight`) // [out, in, height, width]
  const filter = tf.mul(tf.transpose(weight, [2, 3, 1, 0]), scale) as Tensor4D // [height, width, in, out]
  const map = tf.fused.conv2d({
    ...zeroPadded(x, (weight.shape[2]! - 1) / 2),
    filter,
    strides: stride,
    bias: shift,
    activation: relu ? 'relu' : 'linear',
  })
  return map as Tensor4D
}
