import type { Starter } from '../race/sides'

/** One number that was measured. */
export interface Value {
  what: string
  value: number
  unit: string
  /** The highest value that is allowed. */
  bar?: number
}

/** A measurement of ours alone. */
export interface MeasurementResult {
  name: string
  title: string
  values: Value[]
  /** Why there are none. */
  reason?: string
}

/** What a measurement is made with. */
export interface MeasurementOptions {
  ours: Starter
  folder: string
  /** Of our side, as in the race. */
  settings: Record<string, string | number>
  repeats: number
}

/** Something that is measured besides the race. */
export interface Measurement {
  name: string
  title: string
  measure(options: MeasurementOptions): Promise<Value[]>
}
