import type { Values } from '../engine/computer'

/** One line of the parity report: something compared, or deliberately not. */
export interface Row {
  /** What was compared, e.g. `train/gate`. */
  name: string
  /** Largest absolute deviation; for a decode, the number of sentences that differ. */
  deviation: number
  /** What the deviation may be. */
  tolerance: number
  /** Why something is not compared, or how a value was judged. */
  note?: string
}

/** The rows of one golden folder. */
export interface FolderReport {
  folder: string
  rows: Row[]
  /** Names in the folder that nothing was compared with: each is a failure. */
  unmatched: string[]
  /** Names left out on purpose. */
  unused: string[]
}

/** Whether a row is within its tolerance; NaN never is, nor is anything where an infinite value makes it endless. */
export const isWithin = ({ deviation, tolerance }: Row): boolean =>
  Number.isFinite(tolerance) && deviation <= tolerance

/** Largest absolute difference of two arrays; infinite where their lengths differ or a value is not a number. */
export function largestDeviation(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (actual.length !== expected.length) return Number.POSITIVE_INFINITY
  let largest = 0
  for (let i = 0; i < actual.length; i++) {
    const difference = Math.abs(actual[i]! - expected[i]!)
    if (!(difference <= largest)) largest = Number.isNaN(difference) ? Number.POSITIVE_INFINITY : difference
  }
  return largest
}

/** Largest absolute value of an array. */
export function largestValue(values: ArrayLike<number>): number {
  let largest = 0
  for (let i = 0; i < values.length; i++) largest = Math.max(largest, Math.abs(values[i]!))
  return largest
}

/** The floor of a forward tensor, `5e-6 * max(1, largest value)`, or four times the recorded float32 deviation. */
export const forwardTolerance = (largest: number, recorded = 0): number =>
  Math.max(5e-6 * Math.max(1, largest), 4 * recorded)

/** The floor of a loss, `1e-5` relative and `1e-6` absolute, or four times the recorded float32 deviation. */
const lossTolerance = (expected: number, recorded = 0): number =>
  Math.max(1e-5 * Math.abs(expected) + 1e-6, 4 * recorded)

/** Below this, the float64 gradient of a tensor is rounding: it is zero by the mathematics. */
const ZERO_GRADIENT = 1e-12

/** The floor of a gradient, `2e-4` of its largest value, or `1e-6` where it is zero by the mathematics. */
export const gradientTolerance = (largest: number, recorded = 0): number =>
  Math.max(largest < ZERO_GRADIENT ? 1e-6 : 2e-4 * largest, 4 * recorded)

/** Compares a tensor of a golden file with ours, its shape too, and makes its row. */
export function compareTensor(name: string, actual: Values, expected: Values, tolerance: number): Row {
  if (actual.shape.join() === expected.shape.join()) {
    return { name, deviation: largestDeviation(actual.values, expected.values), tolerance }
  }
  const note = `[${actual.shape.join(', ')}] here, [${expected.shape.join(', ')}] in the folder`
  return { name, deviation: Number.POSITIVE_INFINITY, tolerance, note }
}

/**
 * Compares a number of a golden file with ours and makes its row.
 *
 * @param recorded the same number of a float32 run of the published code, where the file has it
 */
export function compareNumber(name: string, actual: number, expected: unknown, recorded?: unknown): Row {
  // A null or a text would be taken for a number by the subtraction.
  const wanted = typeof expected === 'number' ? expected : Number.NaN
  const deviation = typeof recorded === 'number' ? Math.abs(recorded - wanted) : 0
  return { name, deviation: Math.abs(actual - wanted), tolerance: lossTolerance(wanted, deviation) }
}

/** Tensor names by their first part, with how many each stands for. */
function grouped(names: readonly string[]): string {
  const counts = new Map<string, number>()
  for (const name of names) {
    const group = name.split('.')[0]!
    counts.set(group, (counts.get(group) ?? 0) + 1)
  }
  return [...counts].map(([group, count]) => `${group}.* (${count} tensors)`).join(', ')
}

/** A folder's report as a table, and how many of its lines fail. */
export function formatReport({ folder, rows, unmatched, unused }: FolderReport) {
  const width = Math.max(20, ...rows.map(({ name }) => name.length))
  const number = (value: number): string => value.toExponential(2).padStart(9)
  const lines = rows.map(row => {
    const mark = isWithin(row) ? 'ok  ' : 'FAIL'
    const note = row.note ? `  ${row.note}` : ''
    return `${mark} ${row.name.padEnd(width)} ${number(row.deviation)} <= ${number(row.tolerance)}${note}`
  })
  const failing = rows.filter(row => !isWithin(row)).length
  const shares = rows.map(({ deviation, tolerance }) => deviation / tolerance).filter(Number.isFinite)
  const closest = (100 * Math.max(0, ...shares)).toFixed(0)
  const text = [
    `\n== ${folder}`,
    ...lines,
    ...unmatched.map(name => `FAIL ${name}  nothing here is compared with it`),
    rows.length === 0 ? 'FAIL there is nothing to compare' : '',
    unused.length > 0 ? `left out on purpose, never used by the published model: ${grouped(unused)}` : '',
    `${rows.length - failing}/${rows.length} within tolerance, ${unmatched.length} unmatched; the closest is at ${closest} % of its tolerance`,
  ]
  return {
    text: text.filter(Boolean).join('\n'),
    failed: failing + unmatched.length + (rows.length === 0 ? 1 : 0),
  }
}
