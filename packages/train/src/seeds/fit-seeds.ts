import { InvalidArgumentError } from '@mafjs/tensor'
import { withLock } from '@mafjs/tensor/files'
import { type FitOptions, fit } from '../fit/fit'
import { metric } from '../fit/metric'
import { runRecord } from '../record/run-record'
import { openRun, type RunOptions } from '../run/open-run'
import { completeSettings } from '../settings/settings'
import type { Task } from '../task'
import { runSeeds, type SeedsEvents } from './run-seeds'
import type { SeedsSummary, SeedsWords } from './seeds-summary'

/** What a task is trained on with several seeds, and how. */
export interface FitSeedsOptions<Row, Report extends object>
  extends Omit<FitOptions<Row, Report>, 'run'>,
    Pick<RunOptions<Report>, 'record' | 'format' | 'words' | 'overwrite'>,
    SeedsEvents {
  /** The folder: `seed-37` ... as `openRun` and `fit` write them, `summary.json` and `summary.md`. */
  folder: string
  /** How many, from the settings' seed on; or which. */
  seeds: number | readonly number[]
  /** How the summary is shown. @default four digits of every score */
  summary?: SeedsWords | undefined
}

/**
 * Trains a task with several seeds, one after the other: each into a folder of its own, with the bytes that `fit` gives with
 * this seed alone. `valid` and `test` of the summary are what chooses the best epoch, with mean and deviation of the sample.
 * The same call goes on where it was stopped; what is finished is not done again.
 *
 * @param make the task of a seed, whose first weights should be drawn from it; its model is disposed of after its training
 * @throws InvalidArgumentError for no seeds, neither `valid` nor `test` rows, or a folder begun otherwise; and as `fit` does.
 */
export async function fitSeeds<Row, Inputs extends object, Prediction, Report extends object>(
  make: (
    seed: number,
  ) => Task<Row, Inputs, Prediction, Report> | Promise<Task<Row, Inputs, Prediction, Report>>,
  options: FitSeedsOptions<Row, Report>,
): Promise<SeedsSummary> {
  const { folder, seeds, overwrite, record: own, format, words, summary, ...fitted } = options
  const { engine, train, valid, test, init, settings } = fitted
  const { seed: first, ...complete } = completeSettings(settings)
  const asked = typeof seeds === 'number' ? Array.from({ length: seeds }, (_, i) => first + i) : seeds
  if (asked.length === 0 || (typeof seeds === 'number' && !Number.isInteger(seeds))) {
    const rule = 'must be a positive whole number, or a list of seeds'
    throw new InvalidArgumentError({ argument: 'seeds', rule, received: seeds })
  }
  for (const seed of asked) completeSettings({ seed })
  if (!valid && !test) {
    throw new InvalidArgumentError({
      argument: 'valid',
      rule: 'must be given, or test: every seed is scored on them',
      received: 'neither',
      fix: 'Give rows to score.',
    })
  }
  return withLock(folder, { command: 'fitSeeds', argument: 'folder' }, async () => {
    const record = await runRecord({
      options: { ...own, ...(init && { init: init.from }), ...complete },
      engine,
      splits: { train, valid, test },
    })
    return runSeeds(folder, {
      ...{ seeds: asked, record, overwrite, words: summary },
      ...{ onSeed: options.onSeed, onSeedDone: options.onSeedDone, onNote: options.onNote },
      async train(seed, { folder: place, ...how }) {
        const task = await make(seed)
        try {
          const run = await openRun<Report>(place, { ...how, record: own, format, words })
          const { bestEpoch, ...reports } = await fit(task, {
            ...{ ...fitted, settings: { ...settings, seed }, run },
          })
          const scores = (['valid', 'test'] as const).flatMap(split => {
            const report = split === 'valid' ? reports.validation : reports.test
            return report ? [[split, metric(task, report)] as const] : []
          })
          return { bestEpoch, scores: Object.fromEntries(scores) }
        } finally {
          task.model.dispose()
        }
      },
    })
  })
}
