import type { MeasurementResult, Value } from '../extras/measurement'
import type { Deviation } from '../race/compare-works'
import type { Lane } from '../race/race-row'
import { describeSettings } from '../race/torch-settings'
import { meetsBar } from './bars'
import type { BenchResult, OpponentResult, RowResult } from './results'

const digits = (value: number): string => value.toFixed(value < 10 ? 2 : value < 100 ? 1 : 0)

const time = ({ time: { median, low, high } }: Lane): string =>
  `${digits(median)} (${digits(low)} to ${digits(high)})`

const gibibytes = (bytes: number): string => (bytes / 2 ** 30).toFixed(2)

const share = (value: number): string => (value === 0 ? '0' : value.toExponential(0))

const verdict = (met: boolean | undefined): string => (met === undefined ? '' : met ? 'met' : 'MISSED')

const limit = (bar: number | undefined): string => (bar === undefined ? '' : `<= ${bar}`)

function agreement({ comparison }: RowResult): string {
  if (!comparison) return ''
  const { outputs, gradients } = comparison
  const part = ({ ours, theirs }: Deviation): string => `${share(ours)} / ${share(theirs)}`
  return [outputs, gradients].flatMap(found => (found ? [part(found)] : [])).join('; ')
}

function rowCells(row: RowResult): string[] {
  const { title, bar, race, reason = '' } = row
  if (!race)
    return [title, `not raced: ${reason.replaceAll('|', '/')}`, '', '', limit(bar), '', '', agreement(row)]
  return [
    title,
    time(race.ours),
    time(race.theirs),
    `**${race.ratio.toFixed(3)}** (${race.ratioLow.toFixed(3)} to ${race.ratioHigh.toFixed(3)})`,
    limit(bar),
    verdict(meetsBar(row)),
    `${gibibytes(race.ours.peak)} / ${gibibytes(race.theirs.peak)}`,
    agreement(row),
  ]
}

const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`

const HEAD = ['work', 'ours, ms', 'PyTorch, ms', 'ours / PyTorch', 'bar', '', 'peak, GiB', 'deviation']
const ALIGNMENT = ['---', '---:', '---:', '---:', '---:', '---', '---:', '---:']

/** The table against one opponent. */
export function opponentTable({ about, precision, rows }: OpponentResult): string {
  const settings = new Set(rows.flatMap(row => (row.settings ? [describeSettings(row.settings)] : [])))
  const libraries = about['libraries'] || 'none of its own'
  return [
    `### ${about.name}, ${precision}`,
    '',
    `Python ${about['python']}, numpy ${about['numpy']}; libraries: ${libraries}. Settings: ${[...settings].join(' | ') || 'none'}.`,
    '',
    line(HEAD),
    line(ALIGNMENT),
    ...rows.map(row => line(rowCells(row))),
    '',
  ].join('\n')
}

function measurementLine({ title, values, reason }: MeasurementResult): string {
  const shown = ({ what, value, unit, bar }: Value): string => {
    const met = bar === undefined ? '' : ` (bar ${limit(bar)} ${unit}, ${verdict(value <= bar)})`
    return `${what} ${digits(value)} ${unit}${met}`
  }
  return `- ${title}: ${reason === undefined ? values.map(shown).join('; ') : `not measured: ${reason}`}`
}

const LEGEND = `Median (quartiles) of turns that alternate. The ratio is that of the medians (quartiles of the ratios of neighbouring turns). Peak:
resident memory while the works ran, ours / PyTorch. Deviation: from PyTorch in float64, as a share of each tensor's largest
value, ours / PyTorch's own float32; outputs; gradients.`

/** The whole report. */
export function markdownReport(result: BenchResult): string {
  const { date, size, machine, load, ours, opponents, measurements, notes } = result
  const { processor, cores, memory, system, instructions, node } = machine
  const versions = Object.entries(ours.about).filter(([name]) => name !== 'name' && name !== 'node')
  return [
    `# The race, ${size === 'full' ? 'full size' : 'tiny model (says nothing of speed)'}`,
    '',
    `${date.slice(0, 10)}. ${processor}, ${cores} cores, ${memory} GiB, ${system}; ${instructions.join(' ')}. Node ${node}, ${versions
      .map(([name, version]) => `${name} ${version}`)
      .join(', ')}; ours: ${describeSettings(ours.settings, {})}. Load before the run: ${load.toFixed(1)}.`,
    '',
    LEGEND,
    '',
    ...opponents.map(opponentTable),
    ...(measurements.length > 0 ? ['### Ours alone', '', ...measurements.map(measurementLine), ''] : []),
    ...(notes.length > 0 ? ['### Left out', '', ...notes.map(note => `- ${note}`), ''] : []),
  ].join('\n')
}
