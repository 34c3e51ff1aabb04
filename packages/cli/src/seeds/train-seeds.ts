import { join } from 'node:path'
import { type Dataset, dataFingerprint, readDataset, type SplitName } from '@mafjs/data'
import type { EvaluationReport } from '@mafjs/evaluate'
import {
  checkpointDigest,
  evaluateRun,
  type TrainRunOptions,
  type TrainRunReport,
  trainRun,
  version,
} from '@mafjs/ner-maf'
import { InvalidArgumentError } from '@mafjs/tensor'
import { assertWritableReport, exists, withLock } from '@mafjs/tensor/files'
import { completeSettings } from '@mafjs/train'
import { openSeedsFolder, writeSummary } from './seeds-folder'
import { type BothRules, type SeedRun, type SeedsPlan, type SeedsSummary, summarize } from './seeds-summary'

/** A training that is done with several seeds. */
export interface TrainSeedsOptions extends TrainRunOptions {
  /** How many: `seed`, `seed + 1` ... */
  seeds: number
  /** The folder to write; `seed-37` ... inside it are checkpoint folders. */
  out: string
  /** The split that every run is scored on. @default 'test' where there is one, else 'valid' */
  split?: SplitName | undefined
  /** Called before every training. */
  onSeed?: ((seed: number) => void) | undefined
  /** Called after every training, and for every one that was finished before. */
  onSeedDone?: ((run: SeedRun, report?: TrainRunReport) => void) | undefined
}

/** What has no bearing on a run's result, or stands elsewhere in its plan. */
const INCIDENTAL = new Set([
  'out',
  'overwrite',
  'resume',
  // As `strict`, which is its name in runs.
  'onBrokenPicture',
  'checkpointEvery',
  'signal',
  'seed',
  'threads',
  'worker',
  'featureCache',
  'featureCacheSize',
])

const planOptions = (options: object): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(options).filter(
      ([name, value]) => !INCIDENTAL.has(name) && value !== undefined && typeof value !== 'function',
    ),
  )

function chooseSplit(dataset: Dataset, wanted: SplitName | undefined, data: string): SplitName {
  const split = wanted ?? (dataset.test ? 'test' : 'valid')
  if (dataset[split]) return split
  throw new InvalidArgumentError({
    argument: 'data',
    rule: `must have the split ${split}, which every run is scored on`,
    received: `${data} with ${Object.keys(dataset).join(', ')}`,
    fix: 'Add its file.',
  })
}

/** The folders of a seed's model and of its evaluation, inside the summary's. */
const placesOf = (seed: number): [model: string, evaluation: string] => [
  `seed-${seed}`,
  `evaluation/seed-${seed}`,
]

const bothRules = ({ strict, lenient }: EvaluationReport): BothRules => ({
  strict: strict.micro.f1,
  lenient: lenient.micro.f1,
})

/**
 * Trains the same model with several seeds and scores every run. A run that was finished before, with the same options and
 * data, is not done again; `summary.json` says after every one what there is.
 *
 * @throws InvalidArgumentError for data without the split to be scored, or a folder that was begun with other options.
 */
export function trainSeeds(options: TrainSeedsOptions): Promise<SeedsSummary> {
  return withLock(options.out, { command: 'ner-maf train --seeds' }, () => trainInto(options))
}

async function trainInto({
  seeds: count,
  split: wanted,
  onSeed = () => {},
  onSeedDone = () => {},
  ...options
}: TrainSeedsOptions): Promise<SeedsSummary> {
  if (!(Number.isInteger(count) && count > 0)) {
    throw new InvalidArgumentError({
      argument: 'seeds',
      rule: 'must be a positive whole number',
      received: count,
    })
  }
  const { data, images, out, overwrite = false, splitter, onBrokenPicture } = options
  const { seed: first = completeSettings().seed } = options
  const dataset = await readDataset({ data, splitter, required: ['train'] })
  const split = chooseSplit(dataset, wanted, data)
  const plan: SeedsPlan = {
    version,
    options: planOptions({ ...options, strict: onBrokenPicture === 'stop' }),
    data: Object.fromEntries(
      Object.entries(dataset).map(([name, { examples }]) => [name, dataFingerprint(examples)]),
    ),
    split,
  }
  const asked = Array.from({ length: count }, (_, i) => first + i)
  const finished = await openSeedsFolder(out, plan, { overwrite })
  // Who asks for fewer than there are loses none.
  const seeds = [...new Set([...asked, ...finished.map(({ seed }) => seed)])].sort((a, b) => a - b)
  for (const seed of asked.filter(seed => finished.every(run => run.seed !== seed))) {
    // A training is too long to find out only after it.
    await assertWritableReport(join(out, placesOf(seed)[1]), { kind: 'evaluation', overwrite: true })
  }
  await writeSummary(out, summarize(plan, seeds, finished))
  for (const seed of asked) {
    const known = finished.find(run => run.seed === seed)
    if (known) {
      onSeedDone(known)
      continue
    }
    onSeed(seed)
    const [model, evaluation] = placesOf(seed)
    // A run with a report was finished, and is no longer what it was: it is done anew.
    const anew = overwrite || (await exists(join(out, model, 'report.md')))
    const report = await trainRun({
      ...options,
      ...{ seed, out: join(out, model), resume: !anew, overwrite: anew },
    })
    const { engine, backend, threads, featureCache, featureCacheSize, featureType } = options
    const scored = await evaluateRun({
      model: join(out, model),
      data,
      images,
      split,
      out: join(out, evaluation),
      overwrite: true,
      ...{ onBrokenPicture, engine, backend, threads, featureCache, featureCacheSize, featureType },
    })
    const run: SeedRun = {
      seed,
      model,
      evaluation,
      digest: await checkpointDigest(join(out, model)),
      bestEpoch: report.training.bestEpoch,
      validation: report.validation ? bothRules(report.validation) : null,
      f1: bothRules(scored.report),
    }
    finished.push(run)
    await writeSummary(out, summarize(plan, seeds, finished))
    onSeedDone(run, report)
  }
  return summarize(plan, seeds, finished)
}
