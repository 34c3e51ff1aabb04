import { reportLines } from '@mafjs/data'
import { percent } from '@mafjs/evaluate'
import { InterruptedError, type SeedRun } from '@mafjs/train'
import { formatSummary, type TrainSeedsOptions, trainSeeds } from '../seeds/train-seeds'
import { interruptible } from './on-interrupt'
import { createProgress } from './progress'

/** What is said when a seed is done. */
export function seedLine({ seed, scores }: SeedRun, wasDoneBefore: boolean): string {
  const shown = Object.entries(scores).map(([name, score]) => `${percent(score)} (${name})`)
  return `seed ${seed} ${wasDoneBefore ? 'was done before' : 'done'}: F1 ${shown.join(', ')}`
}

/** `ner-maf train --seeds`, from two seeds on. */
export async function runSeeds(options: TrainSeedsOptions): Promise<void> {
  const progress = createProgress()
  let done = 0
  let isToldOfData = false
  const { signal, leave } = interruptible(progress)
  try {
    const summary = await trainSeeds({
      ...options,
      signal,
      onRead: (splits, notes) => {
        if (isToldOfData) return
        isToldOfData = true
        for (const line of [...splits.flatMap(reportLines), ...notes]) console.error(line)
      },
      onEvent: progress.onEvent,
      onNote: progress.onNote,
      onSeed: seed => console.error(`seed ${seed}`),
      onSeedDone: (run, wasDoneBefore) => {
        done++
        console.error(seedLine(run, wasDoneBefore))
      },
    })
    progress.stop()
    console.log(formatSummary(summary))
  } catch (error) {
    if (!(error instanceof InterruptedError)) throw error
    console.error(
      `Interrupted. ${done} of ${options.seeds} seeds are in ${options.out}; the same command goes on.`,
    )
  } finally {
    progress.stop()
    leave()
  }
}
