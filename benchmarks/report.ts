import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { markdownTable } from '@mafjs/evaluate'
import type { Machine } from './machine'
import type { MeasurementResult, Value } from './measurements'
import type { Settings, SideDescription } from './protocol'
import type { Comparison, Deviation } from './race/compare-works'
import type { Lane, RaceResult } from './race/race-row'
import type { Estimate, Ratio } from './race/statistics'
import type { SweepResult } from './race/sweep'
import { describeSettings } from './race/torch-settings'

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

/** Whether a row meets its bar, by the clock and in processor time; nothing where it has none or was not run. */
export const meetsBar = ({ bar, race }: Pick<RowResult, 'bar' | 'race'>): boolean | undefined =>
  bar === undefined || !race ? undefined : Math.max(race.ratio, race.cores.ratio) <= bar

/** How many bars are missed, and how much was not run at all. */
export function countFailures({ opponents, measurements }: BenchResult): { missed: number; notRun: number } {
  const rows = opponents.flatMap(opponent => opponent.rows)
  const values = measurements.flatMap(measurement => measurement.values)
  const isMissed = ({ value, bar }: Value): boolean => bar !== undefined && !(value <= bar)
  const silent = measurements.filter(({ reason }) => reason !== undefined)
  return {
    missed: rows.filter(row => meetsBar(row) === false).length + values.filter(isMissed).length,
    notRun: rows.filter(row => !row.race).length + silent.length,
  }
}

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

const quartiles = ({ ratioLow, ratioHigh }: Ratio): string =>
  `${ratioLow.toFixed(3)} to ${ratioHigh.toFixed(3)}`

function rowCells(row: RowResult): string[] {
  const { title, bar, race, reason = '' } = row
  if (!race) return [title, `not raced: ${reason}`, '', '', '', limit(bar), '', '', agreement(row)]
  return [
    title,
    time(race.ours),
    time(race.theirs),
    `**${race.ratio.toFixed(3)}** (${quartiles(race)})`,
    `${race.cores.ratio.toFixed(3)} (${quartiles(race.cores)})`,
    limit(bar),
    verdict(meetsBar(row)),
    `${gibibytes(race.ours.peak)} / ${gibibytes(race.theirs.peak)}`,
    agreement(row),
  ]
}

const HEAD = [
  ...['work', 'ours, ms', 'theirs, ms', 'ours / theirs', 'in processor time'],
  ...['bar', '', 'peak, GiB', 'deviation'],
]
/** The columns of words. */
const LEFT = [0, 6]

/** What an epoch takes, by its steps. */
function epochLine({ name, race }: RowResult): string[] {
  const [ours, theirs] = [race?.ours.epoch, race?.theirs.epoch]
  if (!ours || !theirs) return []
  const minutes = ({ total, spread }: Estimate): string =>
    `${(total / 60_000).toFixed(1)} ± ${(spread / 60_000).toFixed(1)} min`
  const steps = race!.ours.time.count
  return [
    `- ${name}: a whole epoch by these steps (${steps} means): ours ${minutes(ours)}, theirs ${minutes(theirs)}`,
  ]
}

/** The table against one opponent. */
function opponentTable({ about, precision, rows }: OpponentResult): string {
  const settings = new Set(rows.flatMap(row => (row.settings ? [describeSettings(row.settings)] : [])))
  const versions = ['python', 'numpy', 'transformers', 'node', 'onnxruntime'].flatMap(part =>
    about[part] ? [`${part} ${about[part]}`] : [],
  )
  const libraries = about['libraries'] || 'none of its own'
  return [
    `### ${about.name}, ${precision}`,
    '',
    `${versions.join(', ')}; libraries: ${libraries}. Settings: ${[...settings].join(' | ') || 'none'}.`,
    '',
    markdownTable(HEAD, rows.map(rowCells), LEFT),
    '',
    ...rows.flatMap(epochLine),
    '',
  ].join('\n')
}

function measurementLine({ title, values, details, reason }: MeasurementResult): string {
  const shown = ({ what, value, unit, bar }: Value): string => {
    const met = bar === undefined ? '' : ` (bar ${limit(bar)} ${unit}, ${verdict(value <= bar)})`
    return `${what} ${digits(value)} ${unit}${met}`
  }
  const said = `- ${title}: ${reason === undefined ? values.map(shown).join('; ') : `not measured: ${reason}`}`
  return details === undefined ? said : `${said}\n\n${details}\n`
}

const LEGEND = `Median (quartiles) of turns that alternate. The ratio is that of the medians (quartiles of the ratios of neighbouring turns). Peak:
resident memory while the works ran, ours / theirs. Deviation: from PyTorch in float64, as a share of each tensor's largest
value, ours / theirs; outputs; gradients. An epoch is its steps' mean times their number, with the interval of 95 of 100.`

/** The whole report. */
function markdownReport(result: BenchResult): string {
  const { date, size, machine, load, ours, opponents, measurements, notes } = result
  const { processor, cores, memory, system, instructions, node } = machine
  const { name: _, node: __, ...others } = ours.about
  const versions = Object.entries(others).map(([name, version]) => `${name} ${version}`)
  return [
    `# The race, ${size === 'full' ? 'full size' : 'tiny model (says nothing of speed)'}`,
    '',
    `${date.slice(0, 10)}. ${processor}, ${cores} cores, ${memory} GiB, ${system}; ${instructions.join(' ')}. Node ${node}, ${versions.join(', ')}; ours: ${describeSettings(ours.settings, {})}. Load before the run: ${load.toFixed(1)}.`,
    '',
    LEGEND,
    '',
    ...opponents.map(opponentTable),
    ...(measurements.length > 0 ? ['### Ours alone', '', ...measurements.map(measurementLine), ''] : []),
    ...(notes.length > 0 ? ['### Left out', '', ...notes.map(note => `- ${note}`), ''] : []),
  ].join('\n')
}

/** Folders of this machine stand in no report: of a path the last part stays. */
const withoutFolders = (_: string, value: unknown): unknown =>
  typeof value === 'string' && /^\/\S*$/.test(value) ? value.split('/').at(-1) : value

/** Writes `NAME.json` and `NAME.md` into a folder. */
export async function writeResults(folder: string, name: string, result: BenchResult): Promise<string[]> {
  await mkdir(folder, { recursive: true })
  const paths = ['json', 'md'].map(suffix => join(folder, `${name}.${suffix}`))
  await writeFile(paths[0]!, `${JSON.stringify(result, withoutFolders, 2)}\n`)
  await writeFile(paths[1]!, markdownReport(result))
  return paths
}
