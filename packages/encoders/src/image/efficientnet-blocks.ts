import type { ParameterSpec } from '@mafjs/tensor'
import { batchNormSpecs, convolutionSpecs } from './batch-norm-specs'
import {
  type CompleteEfficientNetConfig,
  EFFICIENTNET_CHANNELS,
  EFFICIENTNET_LITE,
} from './efficientnet-config'

/** One block as the network walks through it. */
export interface EfficientNetBlock {
  /** `blocks.1.0` and so on, as in timm. */
  name: string
  size: 3 | 5
  stride: 1 | 2
  inSize: number
  /** Channels between, those of the depthwise convolution; the first stage has none before it. */
  middle: number
  outSize: number
  expands: boolean
}

/** Table 1 of Tan and Le 2019: filter, stride, expansion, channels and blocks of every stage. */
const STAGES = [
  [3, 1, 1, 16, 1],
  [3, 2, 6, 24, 2],
  [5, 2, 6, 40, 2],
  [3, 2, 6, 80, 3],
  [5, 1, 6, 112, 3],
  [5, 2, 6, 192, 4],
  [3, 1, 6, 320, 1],
] as const

const STEM = 32

/** To the nearest multiple of 8, and not below nine tenths. */
function rounded(channels: number): number {
  const near = Math.max(8, Math.floor((channels + 4) / 8) * 8)
  return near < 0.9 * channels ? near + 8 : near
}

/** Every block, stage by stage: the first and the last stage keep their depth in the Lite networks. */
export function efficientNetBlocks(scale: number): EfficientNetBlock[] {
  const { width, depth } = EFFICIENTNET_LITE[scale]!
  let inSize: number = STEM
  return STAGES.flatMap(([size, stride, expansion, channels, blocks], stage) => {
    const isScaled = stage > 0 && stage < STAGES.length - 1
    const count = isScaled ? Math.ceil(Number((depth * blocks).toFixed(6))) : blocks
    return Array.from({ length: count }, (_, i): EfficientNetBlock => {
      const outSize = rounded(channels * width)
      const block = {
        name: `blocks.${stage}.${i}`,
        size,
        stride: i === 0 ? stride : 1,
        inSize,
        middle: inSize * expansion,
        outSize,
        expands: expansion > 1,
      } as const
      inSize = outSize
      return block
    })
  })
}

/** The parameters of an EfficientNet-Lite without its classifier, with timm's names and OIHW layout. */
export function efficientNetSpecs({
  scale,
  trainable,
}: CompleteEfficientNetConfig): Record<string, ParameterSpec> {
  const blocks = efficientNetBlocks(scale)
  const specs: Record<string, ParameterSpec> = {}
  const layer = (name: string, norm: string, sizes: readonly [number, number, number]): void => {
    Object.assign(specs, convolutionSpecs(name, sizes, trainable), batchNormSpecs(norm, sizes[0], trainable))
  }
  layer('conv_stem', 'bn1', [STEM, 3, 3])
  for (const { name, size, inSize, middle, outSize, expands } of blocks) {
    const names = blockNames(name, expands)
    if (names.expand) layer(...names.expand, [middle, inSize, 1])
    layer(...names.depthwise, [middle, 1, size])
    layer(...names.project, [outSize, middle, 1])
  }
  layer('conv_head', 'bn2', [EFFICIENTNET_CHANNELS, blocks.at(-1)!.outSize, 1])
  return specs
}

type Names = readonly [convolution: string, norm: string]

/** What timm calls the convolutions of a block, with the batch norm after each. */
export function blockNames(
  name: string,
  expands: boolean,
): { expand?: Names; depthwise: Names; project: Names } {
  const at = (convolution: string, norm: string): Names => [`${name}.${convolution}`, `${name}.${norm}`]
  return expands
    ? { expand: at('conv_pw', 'bn1'), depthwise: at('conv_dw', 'bn2'), project: at('conv_pwl', 'bn3') }
    : { depthwise: at('conv_dw', 'bn1'), project: at('conv_pw', 'bn2') }
}
