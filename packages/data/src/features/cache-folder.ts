import { homedir } from 'node:os'
import { isAbsolute, join } from 'node:path'
import { InvalidArgumentError } from '@mafjs/tensor'
import { assertFeatureType, type FeatureType } from './features'

/** Where features are cached, and how. */
export interface FeatureCacheOptions {
  /**
   * Folder of the features of pictures that a frozen image encoder has seen; `none` keeps them in memory only.
   * @default ner-maf/features in XDG_CACHE_HOME or ~/.cache
   */
  featureCache?: string | undefined
  /** The most it may hold, in GB of 10^9 bytes; what was used longest ago goes first. @default 10 */
  featureCacheSize?: number | undefined
  /** How the features are kept: float16 takes half the space, and every run says what it changed. @default 'float32' */
  featureType?: FeatureType | undefined
}

/** GB of a feature cache where nobody says otherwise. */
export const DEFAULT_CACHE_SIZE = 10

/** The user's folder for caches, as the XDG base directory specification has it. */
export function defaultFeatureCache(): string {
  const base = process.env['XDG_CACHE_HOME']
  // The specification has relative paths ignored.
  return join(base && isAbsolute(base) ? base : join(homedir(), '.cache'), 'ner-maf', 'features')
}

/**
 * Checks what can be checked before any work.
 *
 * @throws InvalidArgumentError naming the option that is out of range.
 */
export function assertFeatureOptions({
  featureCacheSize = DEFAULT_CACHE_SIZE,
  featureType = 'float32',
}: FeatureCacheOptions): void {
  cacheBytes(featureCacheSize)
  assertFeatureType(featureType)
}

/** @throws InvalidArgumentError for a size that is no positive number. */
export function cacheBytes(gigabytes: number): number {
  if (Number.isFinite(gigabytes) && gigabytes > 0) return gigabytes * 1e9
  throw new InvalidArgumentError({
    argument: 'featureCacheSize',
    rule: 'must be a positive number of GB',
    received: gigabytes,
    fix: 'Give none as featureCache to keep nothing on disk.',
  })
}
