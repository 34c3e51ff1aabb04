import { reportLines } from '@mafjs/data'
import { percent } from '@mafjs/evaluate'
import { InterruptedError } from '@mafjs/train'
import { formatSummary } from '../seeds/seeds-summary'
import { type TrainSeedsOptions, trainSeeds } from '../seeds/train-seeds'
import { interruptible } from './on-interrupt'
import { createProgress } from './progress'

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
      onSeedDone: ({ seed, f1 }, report) => {
        done++
        const how = report ? 'done' : 'was done before'
        console.error(
          `seed ${seed} ${how}: F1 ${percent(f1.strict)} (strict), ${percent(f1.lenient)} (lenient)`,
        )
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
