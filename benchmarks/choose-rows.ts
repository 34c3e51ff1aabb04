import { InvalidArgumentError } from '@mafjs/tensor'
import { measurements } from './extras/all'
import type { Measurement } from './extras/measurement'
import { SIZES } from './prepare/sizes'
import { type Row, raceRows } from './race/rows'

/** What is to be run. */
export interface Chosen {
  rows: Row[]
  measurements: Measurement[]
}

/**
 * The rows and measurements of some names; of none, all.
 *
 * @throws InvalidArgumentError for an unknown name.
 */
export function chooseRows({ only, quick }: { only: readonly string[]; quick: boolean }): Chosen {
  const all = raceRows(SIZES[quick ? 'tiny' : 'full'])
  // The bars are about the full size; a tiny model can neither meet nor miss them.
  const rows = quick ? all.map(({ bar: _, ...row }): Row => row) : all
  const names = [...rows, ...measurements].map(({ name }) => name)
  const unknown = only.find(name => !names.includes(name))
  if (unknown !== undefined) {
    throw new InvalidArgumentError({
      argument: '--only',
      rule: `must be one of ${names.join(', ')}`,
      received: unknown,
    })
  }
  const isChosen = ({ name }: { name: string }): boolean => only.length === 0 || only.includes(name)
  return { rows: rows.filter(isChosen), measurements: measurements.filter(isChosen) }
}
