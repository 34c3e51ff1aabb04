import { quantile } from '@mafjs/evaluate'
import type { Row } from './rows'
import { type Starter, withWork } from './sides'
import { type Axis, describeSettings, PLAIN_SETTINGS, type TorchSettings } from './torch-settings'

/** One setting that was tried. */
export interface Trial {
  settings: TorchSettings
  /** Median of its runs; absent where it failed. */
  ms?: number
  failure?: string
}

/** What a search for PyTorch's best settings found. */
export interface SweepResult {
  /** The fastest settings in fp32. */
  best: TorchSettings
  /** The fastest with bf16, where that is faster. */
  half?: TorchSettings
  trials: Trial[]
}

/** How the settings are looked for. */
export interface SweepOptions {
  torch: Starter
  row: Row
  axes: readonly Axis[]
  folder: string
  /** Told of every trial. */
  onTrial: (trial: Trial) => void
}

/** A setting is changed only for a gain beyond the noise. */
const GAIN = 0.98

/** Runs of a trial: at least so many, and about so many milliseconds of them. */
const RUNS = 3
const TRIAL = 1500

/** A first run, warming up included, that takes so many times the fastest trial's, or so many milliseconds, settles a trial. */
const HOPELESS = 4
const ENDLESS = 20000

/**
 * Finds the settings under which PyTorch runs a work fastest: setting by setting, keeping the best value of each before the
 * next is tried; then bf16 on top. Every trial is a process of its own, since most settings are read at its start.
 */
export async function sweepSettings(options: SweepOptions): Promise<SweepResult> {
  const { torch, row, axes, folder, onTrial } = options
  const trials: Trial[] = []
  let fastest = Number.POSITIVE_INFINITY
  const attempt = async (settings: TorchSettings): Promise<number> => {
    const trial: Trial = { settings }
    const load = { work: row.theirs, folder, settings }
    try {
      trial.ms = await withWork(torch, load, async side => {
        const run = async (repeat: number): Promise<number> =>
          quantile((await side.ask('run', { repeat })).ms, 0.5)
        const first = await run(1)
        if (settings.compile === 'eager' && first > Math.min(ENDLESS, HOPELESS * fastest)) return first
        const second = await run(1)
        return run(Math.max(RUNS, Math.min(200, Math.floor(TRIAL / second))))
      })
    } catch (error) {
      trial.failure = String(error).split('\n')[0]!
    }
    trials.push(trial)
    onTrial(trial)
    return trial.ms ?? Number.POSITIVE_INFINITY
  }

  let best = PLAIN_SETTINGS
  fastest = await attempt(best)
  if (!Number.isFinite(fastest)) throw new Error(`PyTorch fails on ${row.name}: ${trials[0]!.failure}`)
  for (const { setting, values } of axes) {
    const base = best
    for (const value of values) {
      if (value === base[setting]) continue
      const tried = { ...base, [setting]: value } as TorchSettings
      const ms = await attempt(tried)
      if (ms < GAIN * fastest) {
        best = tried
        fastest = ms
      }
    }
  }
  if (row.group === 'losses' || row.group === 'convolutions') return { best, trials }
  const half: TorchSettings = { ...best, precision: 'bf16' }
  const isFaster = (await attempt(half)) < GAIN * fastest
  return { best, trials, ...(isFaster && { half }) }
}

/** One line of the printed sweep. */
export const trialLine = ({ settings, ms, failure }: Trial): string =>
  `    ${ms === undefined ? 'failed' : `${ms.toFixed(ms < 10 ? 2 : 0)} ms`.padStart(9)}  ${describeSettings(settings)}${failure ? ` (${failure.slice(0, 160)})` : ''}`
