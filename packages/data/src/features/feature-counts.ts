import type { Rounding } from './features'
import { relativeError } from './round-features'

/** Where the features of a run's pictures came from; each picture counts once. */
export interface FeatureCounts {
  /** Found in the cache. */
  cached: number
  /** Computed by the image encoder. */
  computed: number
  /** Files that are no pictures. */
  broken: number
  /** What float16 did to them; none in float32. */
  rounding?: Rounding
}

/** Where features came from, in a sentence for a person. */
export function describeCounts({ cached, computed, broken, rounding }: FeatureCounts): string {
  const parts = [
    `${cached} from the cache`,
    `${computed} computed`,
    ...(broken > 0 ? [`${broken} broken`] : []),
  ]
  const error =
    rounding &&
    ` float16 changed them by at most ${rounding.largest.toExponential(1)} of a number, ` +
      `${relativeError(rounding).toExponential(1)} in root mean square.`
  return `Features of pictures: ${parts.join(', ')}.${error ?? ''}`
}
