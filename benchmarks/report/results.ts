import type { MeasurementResult } from '../extras/measurement'
import type { Settings, SideDescription } from '../protocol'
import type { Comparison } from '../race/compare-works'
import type { RaceResult } from '../race/race-row'
import type { SweepResult } from '../race/sweep'
import type { Machine } from './machine'

/** What became of one row against one opponent. */
export interface RowResult {
  name: string
  title: string
  /** Absent where no bar was set for this opponent. */
  bar?: number
  comparison?: Comparison
  race?: RaceResult
  /** PyTorch's settings in the race. */
  settings?: Settings
  /** Why it was not raced. */
  reason?: string
}

/** One opponent's table. */
export interface OpponentResult {
  about: SideDescription
  precision: 'fp32' | 'bf16'
  rows: RowResult[]
}

/** A whole run. */
export interface BenchResult {
  date: string
  size: 'full' | 'tiny'
  machine: Machine
  /** Processes that wanted to run in the minute before. */
  load: number
  ours: { about: SideDescription; settings: Settings }
  opponents: OpponentResult[]
  /** Of ours alone. */
  measurements: MeasurementResult[]
  sweeps: { torch: string; group: string; row: string; result: SweepResult }[]
  /** What was left out, and why. */
  notes: string[]
}
