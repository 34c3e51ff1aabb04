import type { Settings } from '../protocol'
import { meetsBar } from '../report/bars'
import type { OpponentResult, RowResult } from '../report/results'
import type { Chosen, createChooser } from './choose-settings'
import type { createJudge } from './judge'
import { raceRow } from './race-row'
import type { Row } from './rows'
import type { Starter } from './sides'

/** What a race against one opponent needs. */
export interface OpponentOptions {
  rows: readonly Row[]
  ours: Starter
  theirs: Starter
  oursSettings: Settings
  folder: string
  repeats: number
  choose: ReturnType<typeof createChooser>
  judge: ReturnType<typeof createJudge>
  /** Told of every sweep that was made. */
  onSweep: (found: NonNullable<Chosen['found']>) => void
}

/** The bars were set against this one. */
const hasBars = (torch: string): boolean => torch.startsWith('1.13')

const firstLine = (error: unknown): string =>
  String(error instanceof Error ? error.message : error).split('\n')[0]!

function printRow({ race, reason, ...row }: RowResult): void {
  if (!race) {
    console.log(`  ${row.name}: NOT RACED, ${reason}`)
    return
  }
  const { ours, theirs, ratio } = race
  const met = meetsBar({ race, ...row })
  const bar = met === undefined ? '' : met ? `, bar ${row.bar} met` : `, BAR ${row.bar} MISSED`
  console.log(
    `  ${row.name}: ours ${ours.time.median.toFixed(2)} ms, PyTorch ${theirs.time.median.toFixed(2)} ms, ratio ${ratio.toFixed(3)}${bar}`,
  )
}

/** Compares and races every row against one PyTorch, in fp32 and, where the sweep found it faster, in bf16. */
export async function raceOpponent({
  rows,
  ours,
  theirs,
  oursSettings,
  folder,
  repeats,
  choose,
  judge,
  onSweep,
}: OpponentOptions): Promise<OpponentResult[]> {
  const results: OpponentResult[] = [
    { about: theirs.about, precision: 'fp32', rows: [] },
    { about: theirs.about, precision: 'bf16', rows: [] },
  ]
  const reported = new Set<object>()
  for (const row of rows) {
    const { name, title, bar } = row
    const own =
      bar !== undefined && hasBars(String(theirs.about['torch'])) ? { name, title, bar } : { name, title }
    const keep = (result: OpponentResult, rest: Omit<RowResult, 'name' | 'title' | 'bar'>): void => {
      const full = { ...(result.precision === 'fp32' ? own : { name, title }), ...rest }
      result.rows.push(full)
      printRow(full)
    }
    try {
      const comparison = await judge.judge(row)
      if (comparison.problem !== undefined) {
        keep(results[0]!, { comparison, reason: `the two sides disagree: ${comparison.problem}` })
        continue
      }
      const chosen = await choose(row)
      if (chosen.found && !reported.has(chosen.found)) onSweep(chosen.found)
      if (chosen.found) reported.add(chosen.found)
      for (const [place, settings] of [chosen.best, chosen.half].entries()) {
        if (!settings) continue
        const race = await raceRow({
          row,
          ours,
          theirs,
          settings: { ours: oursSettings, theirs: settings },
          folder,
          repeats,
        })
        keep(results[place]!, { comparison, race, settings })
      }
    } catch (error) {
      keep(results[0]!, { reason: firstLine(error) })
    }
  }
  return results.filter(result => result.rows.length > 0)
}
