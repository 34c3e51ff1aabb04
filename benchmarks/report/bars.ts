import type { BenchResult, RowResult } from './results'

/** Whether a row meets its bar; nothing where it has none or was not run. */
export const meetsBar = ({ bar, race }: Pick<RowResult, 'bar' | 'race'>): boolean | undefined =>
  bar === undefined || !race ? undefined : race.ratio <= bar

/** How many bars are missed, and how much was not run at all. */
export function countFailures({ opponents, measurements }: BenchResult): { missed: number; notRun: number } {
  const rows = opponents.flatMap(opponent => opponent.rows)
  const values = measurements.flatMap(measurement => measurement.values)
  const missedValues = values.filter(({ value, bar }) => bar !== undefined && !(value <= bar))
  return {
    missed: rows.filter(row => meetsBar(row) === false).length + missedValues.length,
    notRun:
      rows.filter(row => !row.race).length + measurements.filter(({ reason }) => reason !== undefined).length,
  }
}
