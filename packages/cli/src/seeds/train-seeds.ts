import { join } from 'node:path'
import {
  type Dataset,
  dataFingerprint,
  readDataset,
  readEvaluation,
  readingOf,
  type SplitName,
} from '@mafjs/data'
import { type EvaluationReport, percent, type Spread } from '@mafjs/evaluate'
import { evaluateRun, type TrainRunOptions, trainRun, version } from '@mafjs/ner-maf'
import { assertSizes, InvalidArgumentError } from '@mafjs/tensor'
import { assertWritableReport, withLock } from '@mafjs/tensor/files'
import {
  completeSettings,
  formatSeeds,
  type RunSeedsOptions,
  runSeeds,
  type SeedRun,
  type SeedsSummary,
} from '@mafjs/train'

/** A training that is done with several seeds. */
export interface TrainSeedsOptions extends TrainRunOptions, Pick<RunSeedsOptions, 'onSeed' | 'onSeedDone'> {
  /** How many: `seed`, `seed + 1` ... */
  seeds: number
  /** The folder to write; `seed-37` ... inside it are checkpoint folders. */
  out: string
  /** The split that every run is scored on. @default 'test' where there is one, else 'valid' */
  split?: SplitName | undefined
}

/** What has no bearing on a run's result, or stands elsewhere in its record. */
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

const recorded = (options: object): Record<string, unknown> =>
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

/** Where a seed's evaluation is, inside the summary's folder. */
export const evaluationOf = (seed: number): string => `evaluation/seed-${seed}`

/** Micro F1 by rule, as the scores of a run have it. */
const scoresOf = (split: string, { strict, lenient }: EvaluationReport): SeedRun['scores'] => ({
  [`${split} strict`]: strict.micro.f1,
  [`${split} lenient`]: lenient.micro.f1,
})

/** What a summary says of a split by both rules. */
export function bothRules(
  { scores }: SeedsSummary,
  split: string,
): { strict: Spread; lenient: Spread } | null {
  const [strict, lenient] = [scores[`${split} strict`], scores[`${split} lenient`]]
  return strict !== undefined && lenient !== undefined ? { strict, lenient } : null
}

const wordsOf = (fingerprints: Record<string, unknown>) => ({
  show: percent,
  facts: [
    'F1 in percent. strict (IOB2): only `B-` opens an entity; lenient (CoNLL): a stray `I-` does too.',
    ...Object.entries(fingerprints).map(([split, fingerprint]) => `${split}: ${fingerprint}`),
  ],
})

/** A summary for people, in Markdown. */
export const formatSummary = (summary: SeedsSummary): string =>
  formatSeeds(summary, wordsOf(summary.record.fingerprints))

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
  onSeed,
  onSeedDone,
  ...options
}: TrainSeedsOptions): Promise<SeedsSummary> {
  assertSizes({ seeds: count })
  const { data, images, out, overwrite, splitter, onBrokenPicture } = options
  const { seed: first = completeSettings().seed } = options
  const dataset = await readDataset({ data, splitter, ...readingOf(options), required: ['train'] })
  const split = chooseSplit(dataset, wanted, data)
  const fingerprints = Object.fromEntries(
    Object.entries(dataset).map(([name, { examples }]) => [name, dataFingerprint(examples)]),
  )
  const seeds = Array.from({ length: count }, (_, i) => first + i)
  for (const seed of seeds) {
    const evaluation = join(out, evaluationOf(seed))
    // A training is too long to find out only after it.
    await assertWritableReport(evaluation, { kind: 'evaluation', overwrite: true })
  }
  return runSeeds(out, {
    ...{ seeds, overwrite, onSeed, onSeedDone, onNote: options.onNote, argument: 'out' },
    record: {
      ...recorded({ ...options, split, strict: onBrokenPicture === 'stop' }),
      ...{ fingerprints, versions: { 'ner-maf': version } },
    },
    words: wordsOf(fingerprints),
    check: ({ seed }) => readEvaluation(join(out, evaluationOf(seed))),
    async train(seed, { folder, ...how }) {
      const { training, validation } = await trainRun({ ...options, ...how, seed, out: folder })
      const { engine, backend, threads, featureCache, featureCacheSize, featureType } = options
      const { report } = await evaluateRun({
        ...{ model: folder, data, images, split, out: join(out, evaluationOf(seed)), overwrite: true },
        ...{ onBrokenPicture, engine, backend, threads, featureCache, featureCacheSize, featureType },
        ...readingOf(options),
      })
      const scores = { ...(validation && scoresOf('valid', validation)), ...scoresOf(split, report) }
      return { bestEpoch: training.bestEpoch, scores }
    },
  })
}
