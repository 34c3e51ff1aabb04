import { constant, heUniform, type ParameterSpec } from '@mafjs/tensor'
import { type CompleteResNetConfig, EXPANSION } from './resnet-config'

/** One residual block as the network walks through it. */
export interface BlockPlan {
  /** `layer1.0` and so on, as in torchvision. */
  name: string
  stride: 1 | 2
  /** The block's convolutions in order; the stride belongs to the 3x3 one (torchvision's ResNet v1.5). */
  convolutions: { size: 1 | 3; inSize: number; outSize: number; stride: 1 | 2 }[]
  /** Whether the shortcut is a strided 1x1 convolution, because size or channels change. */
  downsample: boolean
}

/** Every block of the four stages, stage by stage. */
export function blockPlans({ block, layers, width: firstWidth }: CompleteResNetConfig): BlockPlan[][] {
  let inSize = firstWidth
  return layers.map((count, stage) => {
    const width = firstWidth * 2 ** stage
    const outSize = width * EXPANSION[block]
    return Array.from({ length: count }, (_, index): BlockPlan => {
      const stride = stage > 0 && index === 0 ? 2 : 1
      const convolutions: BlockPlan['convolutions'] =
        block === 'basic'
          ? [
              { size: 3, inSize, outSize: width, stride },
              { size: 3, inSize: width, outSize, stride: 1 },
            ]
          : [
              { size: 1, inSize, outSize: width, stride: 1 },
              { size: 3, inSize: width, outSize: width, stride },
              { size: 1, inSize: width, outSize, stride: 1 },
            ]
      const downsample = stride !== 1 || inSize !== outSize
      inSize = outSize
      return { name: `layer${stage + 1}.${index}`, stride, convolutions, downsample }
    })
  })
}

/** The parameters of a ResNet without its classifier, with torchvision's names and OIHW layout. */
export function resNetSpecs(config: CompleteResNetConfig): Record<string, ParameterSpec> {
  const { trainable, width } = config
  const convolution = (name: string, outSize: number, inSize: number, size: number) => ({
    [`${name}.weight`]: { shape: [outSize, inSize, size, size], initializer: heUniform, trainable },
  })
  const batchNorm = (name: string, channels: number) => ({
    [`${name}.weight`]: { shape: [channels], initializer: constant(1), trainable },
    [`${name}.bias`]: { shape: [channels], initializer: constant(0), trainable },
    [`${name}.running_mean`]: { shape: [channels], initializer: constant(0), trainable: false },
    [`${name}.running_var`]: { shape: [channels], initializer: constant(1), trainable: false },
  })
  const specs: Record<string, ParameterSpec> = {
    ...convolution('conv1', width, 3, 7),
    ...batchNorm('bn1', width),
  }
  for (const { name, convolutions, downsample } of blockPlans(config).flat()) {
    for (const [i, { inSize, outSize, size }] of convolutions.entries()) {
      Object.assign(specs, convolution(`${name}.conv${i + 1}`, outSize, inSize, size))
      Object.assign(specs, batchNorm(`${name}.bn${i + 1}`, outSize))
    }
    if (downsample) {
      const { inSize } = convolutions[0]!
      const { outSize } = convolutions.at(-1)!
      Object.assign(specs, convolution(`${name}.downsample.0`, outSize, inSize, 1))
      Object.assign(specs, batchNorm(`${name}.downsample.1`, outSize))
    }
  }
  return specs
}
