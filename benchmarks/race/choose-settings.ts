import { readFile } from 'node:fs/promises'
import type { BenchResult } from '../report/results'
import type { Group, Row } from './rows'
import type { Starter } from './sides'
import { type SweepResult, sweepSettings, trialLine } from './sweep'
import { describeSettings, PLAIN_SETTINGS, settingAxes } from './torch-settings'

/** Where PyTorch's settings come from. */
export interface ChooseOptions {
  sweep: boolean
  /** An earlier result. */
  settings?: string
  folder: string
  flags: readonly string[]
}

/** The settings of one opponent for a group of works, and how they were found. */
export type Chosen = Omit<SweepResult, 'trials'> & { found?: SweepResult & { group: Group; row: string } }

/**
 * Chooses PyTorch's settings group by group: by a sweep that is printed, from an earlier result, or as PyTorch is.
 *
 * @throws Error where an earlier result holds no sweep of this PyTorch and group.
 */
export function createChooser(torch: Starter, { sweep, settings, folder, flags }: ChooseOptions) {
  const known = new Map<Group, Promise<Chosen>>()
  const earlier = async (file: string, group: Group): Promise<Chosen> => {
    const { sweeps } = JSON.parse(await readFile(file, 'utf8')) as BenchResult
    const found = sweeps.find(one => one.torch === torch.about.name && one.group === group)
    if (!found) throw new Error(`${file} holds no sweep of ${torch.about.name} for the works "${group}".`)
    const { best, half } = found.result
    return { best, ...(half && { half }), found: { ...found.result, group, row: found.row } }
  }
  const search = async (row: Row): Promise<Chosen> => {
    console.log(`  settings of ${torch.about.name} for "${row.group}", looked for on ${row.name}:`)
    const axes = settingAxes(row.group, torch.about, flags)
    const result = await sweepSettings({
      torch,
      row,
      axes,
      folder,
      onTrial: trial => console.log(trialLine(trial)),
    })
    console.log(`    chosen: ${describeSettings(result.best)}${result.half ? '; bf16 is faster still' : ''}`)
    const { best, half } = result
    return { best, ...(half && { half }), found: { ...result, group: row.group, row: row.name } }
  }
  return (row: Row): Promise<Chosen> => {
    const chosen =
      known.get(row.group) ??
      (settings !== undefined
        ? earlier(settings, row.group)
        : sweep
          ? search(row)
          : Promise.resolve({ best: PLAIN_SETTINGS }))
    known.set(row.group, chosen)
    return chosen
  }
}
