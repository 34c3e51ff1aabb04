import type { ParameterSpec } from '@mafjs/tensor'
import { batchNormSpecs, convolutionSpecs } from './batch-norm-specs'
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
  /** Whether it is the mean of 2x2 and a 1x1 convolution without a stride, as in a ResNet-D. */
  pools: boolean
}

/** Every block of the four stages, stage by stage. */
export function blockPlans({
  block,
  layers,
  width: firstWidth,
  variant,
}: CompleteResNetConfig): BlockPlan[][] {
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
      const pools = variant === 'd'
      return { name: `layer${stage + 1}.${index}`, stride, convolutions, downsample, pools }
    })
  })
}

/** The convolutions before the pooling, with timm's names: one of 7x7, or three of 3x3 in a ResNet-D. */
export function stemPlan({
  width,
  variant,
}: CompleteResNetConfig): { name: string; norm: string; size: number; inSize: number; outSize: number }[] {
  if (variant !== 'd') return [{ name: 'conv1', norm: 'bn1', size: 7, inSize: 3, outSize: width }]
  const half = width / 2
  return [
    { name: 'conv1.0', norm: 'conv1.1', size: 3, inSize: 3, outSize: half },
    { name: 'conv1.3', norm: 'conv1.4', size: 3, inSize: half, outSize: half },
    { name: 'conv1.6', norm: 'bn1', size: 3, inSize: half, outSize: width },
  ]
}

/** The parameters of a ResNet without its classifier, with torchvision's names (of a ResNet-D timm's) and OIHW layout. */
export function resNetSpecs(config: CompleteResNetConfig): Record<string, ParameterSpec> {
  const { trainable } = config
  const specs: Record<string, ParameterSpec> = {}
  const layer = (name: string, norm: string, sizes: readonly [number, number, number]): void => {
    Object.assign(specs, convolutionSpecs(name, sizes, trainable), batchNormSpecs(norm, sizes[0], trainable))
  }
  for (const { name, norm, size, inSize, outSize } of stemPlan(config))
    layer(name, norm, [outSize, inSize, size])
  for (const { name, convolutions, downsample, pools } of blockPlans(config).flat()) {
    for (const [i, { inSize, outSize, size }] of convolutions.entries()) {
      layer(`${name}.conv${i + 1}`, `${name}.bn${i + 1}`, [outSize, inSize, size])
    }
    const first = pools ? 1 : 0
    const sizes = [convolutions.at(-1)!.outSize, convolutions[0]!.inSize, 1] as const
    if (downsample) layer(`${name}.downsample.${first}`, `${name}.downsample.${first + 1}`, sizes)
  }
  return specs
}
