import type { Engine } from '@mafjs/compile/engine'
import type { GoldenEngine } from '../golden/engine/golden-engine'

/** Where a run finds its data and may write, and what computes. */
export interface RealSetting {
  root: string
  shared: string
  /** Removed at the end. */
  work: string
  engine: Engine
  /** The same engine, for single programs. */
  golden: GoldenEngine
}
