import type { Settings } from '../protocol'
import { meetsBar, type OpponentResult, type RowResult } from '../report'
import type { Chosen, createChooser } from './choose-settings'
import type { createJudge } from './judge'
import { raceRow } from './race-row'
import type { Row } from './rows'
import { firstLine, type Starter } from './sides'

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

function printRow({ race, reason, ...row }: RowResult): void {
  if (!race) {
    console.log(`  ${row.name}: NOT RACED, ${reason}`)
    return
  }
  const { ours, theirs, ratio, cores } = race
  const met = meetsBar({ race, ...row })
  const bar = met === undefined ? '' : met ? `, bar ${row.bar} met` : `, BAR ${row.bar} MISSED`
  const times = `ours ${ours.time.median.toFixed(2)} ms, theirs ${theirs.time.median.toFixed(2)} ms`
  const ratios = `ratio ${ratio.toFixed(3)}, of processor time ${cores.ratio.toFixed(3)}`
  console.log(`  ${row.name}: ${times}, ${ratios}${bar}`)
}

/** Compares and races every row against one PyTorch, in fp32 and, where the sweep found it faster, in bf16. */
export async function raceOpponent(options: OpponentOptions): Promise<OpponentResult[]> {
  const { rows, ours, theirs, oursSettings, folder, repeats, choose, judge, onSweep } = options
  const { about } = theirs
  const plain: OpponentResult = { about, precision: 'fp32', rows: [] }
  const half: OpponentResult = { about, precision: 'bf16', rows: [] }
  const reported = new Set<object>()
  for (const row of rows) {
    const { name, title, bars = {} } = row
    const bar = Object.entries(bars).find(([opponent]) => about.name.startsWith(opponent))?.[1]
    const keep = (result: OpponentResult, rest: Omit<RowResult, 'name' | 'title' | 'bar'>): void => {
      const isBarred = bar !== undefined && result === plain
      const full = { name, title, ...(isBarred && { bar }), ...rest }
      result.rows.push(full)
      printRow(full)
    }
    try {
      const comparison = await judge.judge(row)
      if (comparison.problem !== undefined) {
        keep(plain, { comparison, reason: `the two sides disagree: ${comparison.problem}` })
        continue
      }
      const chosen = await choose(row)
      if (chosen.found && !reported.has(chosen.found)) onSweep(chosen.found)
      if (chosen.found) reported.add(chosen.found)
      for (const [result, settings] of [
        [plain, chosen.best],
        [half, chosen.half],
      ] as const) {
        if (!settings) continue
        const both = { ours: oursSettings, theirs: settings }
        const race = await raceRow({ row, ours, theirs, settings: both, folder, repeats })
        keep(result, { comparison, race, settings })
      }
    } catch (error) {
      keep(plain, { reason: firstLine(error) })
    }
  }
  return [plain, half].filter(result => result.rows.length > 0)
}
