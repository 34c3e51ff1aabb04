import { InvalidArgumentError } from '@mafjs/tensor'

/** How the numbers of features are kept. */
export const FEATURE_TYPES = ['float32', 'float16'] as const

/** How the numbers of features are kept. */
export type FeatureType = (typeof FEATURE_TYPES)[number]

/** What an image encoder makes of one picture. */
export interface Features {
  regions: number
  channels: number
  /** `[regions, channels]` */
  states: Float32Array
  /** `[channels]` */
  summary: Float32Array
  /** `[regions]` */
  mask: Float32Array
  /** What rounding did to the states and the summary; none in float32. */
  rounding?: Rounding
}

/** What rounding to float16 did to some numbers. */
export interface Rounding {
  /** Largest `|rounded - x| / max(|x|, 2^-14)`: below 2^-14 the steps of float16 get no finer. */
  largest: number
  /** Sum of `(rounded - x)^2`. */
  errors: number
  /** Sum of `x^2`. */
  squares: number
}

/**
 * Checks the name of a type.
 *
 * @throws InvalidArgumentError for one it does not know.
 */
export function assertFeatureType(type: FeatureType): void {
  if (FEATURE_TYPES.includes(type)) return
  throw new InvalidArgumentError({
    argument: 'featureType',
    rule: `must be one of ${FEATURE_TYPES.join(', ')}`,
    received: type,
  })
}
