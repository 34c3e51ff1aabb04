import type { FindingCode } from '../findings'

/** One line of `repairs.jsonl`: what was changed where in the source. */
export interface Repair {
  code: FindingCode
  /** The file it is in. */
  file: string
  /** Counted from 1; absent where the whole file is meant. */
  line?: number | undefined
  /** What was done. */
  repair: string
}
