import type { Parameters } from '@mafjs/tensor'
import type { Tensor4D } from '@tensorflow/tfjs-core'
import * as tf from '@tensorflow/tfjs-core'
import { convolve } from './convolve'
import type { CompleteResNetConfig } from './resnet-config'
import { type BlockPlan, blockPlans, stemPlan } from './resnet-specs'
import { zeroPadded } from './zero-padded'

/** The maps after the first pooling and after each stage, `[batch, height, width, channels]`. */
export interface ResNetStages {
  maxpool: Tensor4D
  layer1: Tensor4D
  layer2: Tensor4D
  layer3: Tensor4D
  layer4: Tensor4D
}

/**
 * ResNet (He et al. 2016, in torchvision's v1.5 form, or ResNet-D of He et al. 2019) as a pure function of its parameters, batch norm always in
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
    const first = stemPlan(config).reduce(
      (x, layer, i) => convolve(x, parameters, { ...layer, stride: i === 0 ? 2 : 1, activation: 'relu' }),
      pixels,
    )
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
  const { name, convolutions, downsample } = plan
  const last = convolutions.length - 1
  const residual = convolutions.reduce(
    (input, convolution, i) =>
      convolve(input, parameters, {
        name: `${name}.conv${i + 1}`,
        norm: `${name}.bn${i + 1}`,
        stride: convolution.stride,
        activation: i < last ? 'relu' : 'linear',
      }),
    x,
  )
  return tf.relu(tf.add(downsample ? shortcut(x, parameters, plan) : x, residual)) as Tensor4D
}

/** A strided 1x1 convolution; of a ResNet-D the mean of 2x2 and then one without a stride (He et al. 2019, figure 2c). */
function shortcut(x: Tensor4D, parameters: Parameters, { name, stride, pools }: BlockPlan): Tensor4D {
  const first = pools ? 1 : 0
  const layer = { name: `${name}.downsample.${first}`, norm: `${name}.downsample.${first + 1}` }
  const pooled = pools && stride === 2 ? tf.avgPool(x, 2, 2, 'same') : x
  return convolve(pooled, parameters, { ...layer, stride: pools ? 1 : stride, activation: 'linear' })
}
