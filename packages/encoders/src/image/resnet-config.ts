import { assertSizes, InvalidArgumentError } from '@mafjs/tensor'

/** The two residual blocks of He et al. 2016: two 3x3 convolutions, or 1x1, 3x3, 1x1 with a fourfold width. */
export type ResNetBlock = 'basic' | 'bottleneck'

/** Blocks of each of the four stages. */
export type ResNetLayers = [number, number, number, number]

/** The named depths, table 1 of He et al. 2016. */
export const RESNET_DEPTHS = {
  18: { block: 'basic', layers: [2, 2, 2, 2] },
  34: { block: 'basic', layers: [3, 4, 6, 3] },
  50: { block: 'bottleneck', layers: [3, 4, 6, 3] },
  101: { block: 'bottleneck', layers: [3, 4, 23, 3] },
  152: { block: 'bottleneck', layers: [3, 8, 36, 3] },
} as const satisfies Record<number, { block: ResNetBlock; layers: ResNetLayers }>

/** A depth with a name. */
export type ResNetDepth = keyof typeof RESNET_DEPTHS

/** A ResNet by its depth, or by its block and the blocks of each stage; plain JSON. */
export type ResNetConfig = {
  kind: 'resnet'
  /**
   * Whether the convolutions and the scales and shifts of batch norm are trained. A frozen ResNet passes no gradient
   * and keeps nothing for one. Batch norm's statistics are frozen either way.
   * @default false
   */
  trainable?: boolean
  /** Channels of the first stage; every checkpoint of torchvision has 64. @default 64 */
  width?: number
  /** `d`: a stem of three convolutions and shortcuts that take means (He et al. 2019, figure 2). @default none, as torchvision */
  variant?: 'd' | undefined
  /** Seed of the first values. @default 0 */
  seed?: number
} & ({ depth: ResNetDepth } | { block: ResNetBlock; layers: ResNetLayers })

/** A ResNet configuration with the depth spelled out and every default filled in. */
export interface CompleteResNetConfig {
  kind: 'resnet'
  block: ResNetBlock
  layers: ResNetLayers
  width: number
  /** There where it is not torchvision's. */
  variant?: 'd'
  trainable: boolean
  seed: number
}

/**
 * Fills in the defaults and checks every value.
 *
 * @throws InvalidArgumentError for an unknown depth or block, layers that are not four positive integers, or a width
 * that is none.
 */
export function completeResNetConfig(config: ResNetConfig): CompleteResNetConfig {
  const { kind, trainable = false, width = 64, seed = 0, variant } = config
  if (kind !== 'resnet') {
    throw new InvalidArgumentError({ argument: 'kind', rule: "must be 'resnet'", received: kind })
  }
  const shape = 'depth' in config ? RESNET_DEPTHS[config.depth] : config
  if (!shape) {
    throw new InvalidArgumentError({
      argument: 'depth',
      rule: `must be one of ${Object.keys(RESNET_DEPTHS).join(', ')}`,
      received: (config as { depth?: number }).depth,
      fix: 'Give block and layers for any other ResNet.',
    })
  }
  const { block, layers } = shape
  if (block !== 'basic' && block !== 'bottleneck') {
    throw new InvalidArgumentError({
      argument: 'block',
      rule: "must be 'basic' or 'bottleneck'",
      received: block,
    })
  }
  const sane =
    Array.isArray(layers) &&
    layers.length === 4 &&
    layers.every(count => Number.isInteger(count) && count > 0 && count <= 1000)
  if (!sane) {
    throw new InvalidArgumentError({
      argument: 'layers',
      rule: 'must be four positive integers, the blocks of each stage',
      received: layers,
    })
  }
  assertSizes({ width })
  if (variant !== undefined && (variant !== 'd' || width % 2 !== 0)) {
    throw new InvalidArgumentError({
      argument: 'variant',
      rule: "must be 'd', of an even width, or left out",
      received: variant,
    })
  }
  return { kind, block, layers: [...layers], width, ...(variant && { variant }), trainable, seed }
}

/** How many channels the regions have: 512, or 2048 with bottlenecks, at the usual width. */
export function resNetChannels(config: ResNetConfig): number {
  const { block, width } = completeResNetConfig(config)
  return 8 * width * EXPANSION[block]
}

/** Output channels of a block over the channels inside it. */
export const EXPANSION: Record<ResNetBlock, number> = { basic: 1, bottleneck: 4 }
