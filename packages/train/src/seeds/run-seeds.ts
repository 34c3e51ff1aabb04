import { join } from 'node:path'
import { exists } from '@mafjs/tensor/files'
import type { ComparableRecord } from '../record/run-record'
import { REPORT } from '../report/run-report'
import { modelDigest } from '../run/model-digest'
import { openSeedsFolder, writeSeeds } from './seeds-folder'
import { type SeedRun, type SeedsSummary, type SeedsWords, summarize } from './seeds-summary'

/** How a run is to begin in a seed's folder. */
export interface SeedPlace {
  folder: string
  /** Goes on where it was stopped, or begins. */
  resume: boolean
  /** Starts anew whatever is there; never with `resume`. */
  overwrite: boolean
}

/** Who is told of several seeds. */
export interface SeedsEvents {
  /** Called before every training. */
  onSeed?: ((seed: number) => void) | undefined
  /** Called after every training, and for every one that was finished before. */
  onSeedDone?: ((run: SeedRun, wasDoneBefore: boolean) => void) | undefined
  /** Is told what a person should know, such as that other versions go on. */
  onNote?: ((note: string) => void) | undefined
}

/** A training that is done with several seeds. */
export interface RunSeedsOptions extends SeedsEvents {
  seeds: readonly number[]
  /** What is trained, plain JSON without the seed: it must be the same where it goes on. */
  record: ComparableRecord
  /** Trains with a seed into its folder, which becomes one of a run, and gives what the best epoch scores. */
  train(seed: number, place: SeedPlace): Promise<Pick<SeedRun, 'bestEpoch' | 'scores'>>
  /** Throws where what else belongs to a finished run, beside its folder, is not whole: it is done anew then. @default nothing does */
  check?: ((run: SeedRun) => Promise<unknown>) | undefined
  /** Begins every seed anew. @default false */
  overwrite?: boolean | undefined
  words?: SeedsWords | undefined
  /** What the folder was given as, for errors. @default 'folder' */
  argument?: string | undefined
}

/**
 * For who has the folder's lock: does a training with several seeds, `seed-37` ... in the folder. A finished one whose model is
 * what it was is not done again; one that was stopped goes on. `summary.json` says after every one what there is.
 *
 * @throws InvalidArgumentError for a folder that something else has begun, or with another record.
 */
export async function runSeeds(folder: string, options: RunSeedsOptions): Promise<SeedsSummary> {
  const { seeds: asked, record, train, overwrite = false, words, argument = 'folder', check } = options
  const { onSeed = () => {}, onSeedDone = () => {}, onNote = () => {} } = options
  const { finished, hasSummary, notes } = await openSeedsFolder(folder, record, {
    ...{ overwrite, argument, check },
  })
  notes.forEach(onNote)
  // Who asks for fewer than there are loses none.
  const seeds = [...new Set([...asked, ...finished.map(({ seed }) => seed)])].sort((a, b) => a - b)
  const summary = (): SeedsSummary => summarize(record, seeds, finished)
  if (hasSummary) await writeSeeds(folder, summary(), words)
  for (const seed of new Set(asked)) {
    const known = finished.find(run => run.seed === seed)
    if (known) {
      onSeedDone(known, true)
      continue
    }
    onSeed(seed)
    const name = `seed-${seed}`
    const place = join(folder, name)
    // A run with a report was finished, and is no longer what it was: it is done anew.
    const anew = overwrite || (await exists(join(place, REPORT)))
    const done = await train(seed, { folder: place, resume: !anew, overwrite: anew })
    const run: SeedRun = { seed, folder: name, digest: await modelDigest(place), ...done }
    finished.push(run)
    await writeSeeds(folder, summary(), words)
    onSeedDone(run, false)
  }
  return summary()
}
