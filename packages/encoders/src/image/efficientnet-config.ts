import { assertPositive, InvalidArgumentError } from '@mafjs/tensor'

/** Widths and depths over those of the smallest, and the side of the pictures each was trained with. */
export const EFFICIENTNET_LITE = [
  { width: 1, depth: 1, pictureSize: 224 },
  { width: 1, depth: 1.1, pictureSize: 240 },
  { width: 1.1, depth: 1.2, pictureSize: 260 },
  { width: 1.2, depth: 1.4, pictureSize: 280 },
  { width: 1.4, depth: 1.8, pictureSize: 300 },
] as const

/** An EfficientNet-Lite; plain JSON. */
export interface EfficientNetConfig {
  kind: 'efficientnet-lite'
  /** Which of the five, from 0. */
  scale: number
  /** Whether the weights came from TensorFlow, which puts the odd zero of its padding behind. @default 'same' */
  padding?: 'same' | 'symmetric'
  /** Batch norm's. @default 1e-3, TensorFlow's */
  batchNormEpsilon?: number
  /** Whether convolutions and the scales and shifts of batch norm are trained. @default false */
  trainable?: boolean
  /** Seed of the first values. @default 0 */
  seed?: number
}

/** An EfficientNet-Lite's configuration with every default filled in. */
export type CompleteEfficientNetConfig = Required<EfficientNetConfig>

/** Channels of the last map, whatever the scale: those of stem and head are not scaled. */
export const EFFICIENTNET_CHANNELS = 1280

/**
 * Fills in the defaults and checks every value.
 *
 * @throws InvalidArgumentError naming the field that breaks its rule.
 */
export function completeEfficientNetConfig({
  kind,
  scale,
  padding = 'same',
  batchNormEpsilon = 1e-3,
  trainable = false,
  seed = 0,
}: EfficientNetConfig): CompleteEfficientNetConfig {
  const refuse = (argument: string, rule: string, received: unknown): never => {
    throw new InvalidArgumentError({ argument, rule, received })
  }
  if (kind !== 'efficientnet-lite') refuse('kind', "must be 'efficientnet-lite'", kind)
  if (!EFFICIENTNET_LITE[scale]) refuse('scale', 'must be a whole number from 0 to 4', scale)
  if (padding !== 'same' && padding !== 'symmetric')
    refuse('padding', "must be 'same' or 'symmetric'", padding)
  assertPositive({ batchNormEpsilon })
  return { kind, scale, padding, batchNormEpsilon, trainable, seed }
}
