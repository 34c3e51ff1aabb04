import { readFile } from 'node:fs/promises'
import type { BenchResult } from '../report'
import type { Group, Row } from './rows'
import type { Starter } from './sides'
import { type SweepResult, sweepSettings, trialLine } from './sweep'
import { describeSettings, PLAIN_SETTINGS, settingAxes, type TorchSettings } from './torch-settings'

/** Where PyTorch's settings come from. */
export interface ChooseOptions {
  sweep: boolean
  /** An earlier result. */
  settings?: string | undefined
  /** Of PyTorch as it is. */
  threads: number
  folder: string
  flags: readonly string[]
}

/** The settings of one opponent for a group of works, and how they were found. */
export interface Chosen {
  best: TorchSettings
  half?: TorchSettings | undefined
  found?: { group: Group; row: string; result: SweepResult }
}

/**
 * Chooses PyTorch's settings group by group: by a sweep that is printed, from an earlier result, or as PyTorch is.
 *
 * @throws Error where an earlier result holds no sweep of this PyTorch and group.
 */
export function createChooser(torch: Starter, { sweep, settings, threads, folder, flags }: ChooseOptions) {
  const known = new Map<Group, Promise<Chosen>>()
  const { name } = torch.about
  const chosenFrom = (result: SweepResult, group: Group, row: string): Chosen => {
    const { best, half } = result
    return { best, half, found: { group, row, result } }
  }
  const choose = async ({ group, ...row }: Row): Promise<Chosen> => {
    if (settings !== undefined) {
      const { sweeps } = JSON.parse(await readFile(settings, 'utf8')) as BenchResult
      const found = sweeps.find(one => one.torch === name && one.group === group)
      if (!found) throw new Error(`${settings} holds no sweep of ${name} for the works "${group}".`)
      return chosenFrom(found.result, group, found.row)
    }
    if (!sweep) return { best: { ...PLAIN_SETTINGS, threads } }
    console.log(`  settings of ${name} for "${group}", looked for on ${row.name}:`)
    const axes = settingAxes(group, torch.about, flags)
    const onTrial = (trial: Parameters<typeof trialLine>[0]): void => console.log(trialLine(trial))
    const result = await sweepSettings({ torch, row: { group, ...row }, axes, folder, onTrial })
    console.log(`    chosen: ${describeSettings(result.best)}${result.half ? '; bf16 is faster still' : ''}`)
    return chosenFrom(result, group, row.name)
  }
  return (row: Row): Promise<Chosen> => {
    const chosen = known.get(row.group) ?? choose(row)
    known.set(row.group, chosen)
    return chosen
  }
}
