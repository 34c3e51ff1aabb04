import type { FileTensor } from '../files/tensor-file'
import type { Settings, WorkSpec } from '../protocol'

/** A work that is loaded. */
export interface Work {
  /** Does it once; works of several batches take the next one. */
  run(): Promise<void>
  /** What it computes with dropout off, by the names both sides use. */
  compare(): Promise<Record<string, FileTensor>>
}

/** What a work is made from. */
export interface WorkOptions {
  work: WorkSpec
  folder: string
  settings: Settings
}

/** An engine: makes works of every kind, or says which it cannot do. */
export interface Engine {
  /** As the report calls it. */
  readonly name: string
  load(options: WorkOptions): Promise<Work>
}
