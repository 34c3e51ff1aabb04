import { type Engine, type EngineOptions, useEngine } from '@mafjs/compile/engine'
import {
  type BrokenPicture,
  evaluatePosts,
  type LongTextOptions,
  type OnBrokenPicture,
  type ReadingOptions,
  readSplits,
  type SplitName,
  wholePictures,
  windowOverlapOf,
} from '@mafjs/data'
import { type PicturePreparation, preparationOf } from '@mafjs/encoders'
import { areaUnderRoc } from '@mafjs/evaluate'
import { compareRuns, type EvaluationFolder } from '@mafjs/evaluate/evaluations'
import {
  createMafProgram,
  evaluatedBy,
  type LoadedCheckpoint,
  loadCheckpoint,
  type ModelPictures,
  openModelPictures,
  type PictureReader,
  tag,
} from '@mafjs/ner-maf'
import { InvalidArgumentError } from '@mafjs/tensor'
import { assertWritableReport, withLock, writeReport } from '@mafjs/tensor/files'
import { exchangePicturesWithin } from './exchange-pictures-within'
import { foreignPictures } from './foreign-pictures'
import { countGates } from './gate-histogram'
import { formatProbe, type ProbeName, type ProbeReport, type ProbeResult } from './probe-report'
import { blankPictures, fileOf, withPictures } from './shown-pictures'

/** What is probed. */
export interface ProbeRunOptions extends EngineOptions, LongTextOptions, ReadingOptions {
  /** Checkpoint folder of a model that reads pictures. */
  model: string
  /** A data folder, or one file. */
  data: string
  /** Folder of the pictures. */
  images: string
  /** A folder of pictures that belong to none of the posts. @default foreign pictures are left out */
  foreignImages?: string | undefined
  /** Which split of a folder. @default 'test' */
  split?: SplitName | undefined
  /** Whether posts longer than the model reads are read in windows or cut. @default as the model was trained */
  longTexts?: LongTextOptions['longTexts'] | undefined
  /** @default 16 */
  batchSize?: number | undefined
  /** Samples of either test. @default 10000 */
  rounds?: number | undefined
  /** Seed of who is given whose picture, and of the tests. @default 37 */
  seed?: number | undefined
  /** Folder to write: `report.json` and `report.md`. @default nothing is written */
  out?: string | undefined
  /** Replaces a report that is there already. @default false */
  overwrite?: boolean | undefined
  /** What a missing or broken picture does. @default 'skip' */
  onBrokenPicture?: OnBrokenPicture | undefined
}

/** What a probe ends with. */
export interface ProbeRunResult {
  report: ProbeReport
  /** What computed. */
  engine: Engine
  brokenPictures: BrokenPicture[]
}

/** How a model's pictures are prepared; what has none to be exchanged is refused. */
function preparationFor({ config: { preprocessing } }: LoadedCheckpoint): PicturePreparation {
  const { pictureSize } = preprocessing
  if (pictureSize !== undefined) return preparationOf({ ...preprocessing, pictureSize })
  throw new InvalidArgumentError({
    argument: 'model',
    rule: 'must read pictures to be probed for them',
    received: 'a text-only model',
  })
}

/**
 * Tells whether a model uses the pictures: scores it with the true ones, blank ones, none, each other's and, where a folder
 * of them is given, foreign ones.
 *
 * @throws InvalidArgumentError for a text-only model, data that cannot be used, or posts without any picture.
 */
export function probeRun(options: ProbeRunOptions): Promise<ProbeRunResult> {
  return withLock(options.out, { command: 'ner-maf probe' }, () => probeInto(options))
}

async function probeInto(options: ProbeRunOptions): Promise<ProbeRunResult> {
  const { model: folder, data, images, foreignImages, batchSize, out, overwrite = false } = options
  const { rounds = 10_000, seed = 37, onBrokenPicture } = options
  if (out !== undefined) await assertWritableReport(out, { kind: 'probe', overwrite })
  const engine = await useEngine(options)
  const checkpoint = await loadCheckpoint(folder)
  const { model, tokenizer, config } = checkpoint
  const plain = createMafProgram(model, engine)
  const withGates = createMafProgram(model, engine, { maps: ['gate'] })
  const stores: ModelPictures[] = []
  try {
    const windowOverlap = windowOverlapOf(options, config.preprocessing)
    const preparation = preparationFor(checkpoint)
    const open = async (images: string): Promise<ModelPictures> => {
      const featureCache = 'none'
      const read = await openModelPictures({
        model,
        engine,
        images,
        onBrokenPicture,
        preparation,
        featureCache,
      })
      stores.push(read)
      return read
    }
    const store = await open(images)
    const { split } = await readSplits(options, config.preprocessing)
    const { examples } = split
    const gates = countGates()

    /** Tags and scores the posts, each shown the file at its place. */
    const scoreWith = async (
      files: readonly (string | undefined)[],
      pictures: PictureReader | undefined,
      counting: Pick<Parameters<typeof tag>[1], 'program' | 'onBatch'> = { program: plain },
    ): Promise<EvaluationFolder> => {
      const shown = withPictures(examples, files)
      const tagged = await tag(shown, {
        ...{ model, ...counting, tokenizer, pictures, batchSize, windowOverlap },
      })
      const seen = pictures ? wholePictures(shown, stores.at(-1)!.broken()) : examples.map(() => undefined)
      const by = evaluatedBy(config, { model: folder, data, split: split.name })
      return evaluatePosts({ posts: examples, tagged, pictures: seen, by })
    }
    const matches = ({ predictions }: EvaluationFolder): number[] =>
      predictions.flatMap(({ match }) => (match === null ? [] : [match]))
    const resultOf = (
      probe: ProbeName,
      run: EvaluationFolder,
      truth: EvaluationFolder | null,
    ): ProbeResult => {
      const { strict, lenient, context } = run.evaluation
      const all = matches(run)
      const comparison =
        truth &&
        compareRuns({ a: { name: 'true', runs: [truth] }, b: { name: probe, runs: [run] } }, { rounds, seed })
      return {
        probe,
        pictures: context.pictures,
        f1: { strict: strict.micro.f1, lenient: lenient.micro.f1 },
        match: all.length === 0 ? null : all.reduce((sum, match) => sum + match, 0) / all.length,
        against: comparison && { strict: comparison.strict, lenient: comparison.lenient },
      }
    }

    const asked = examples.map(fileOf)
    const truth = await scoreWith(asked, store, {
      program: withGates,
      onBatch: gates.onBatch,
    })
    // What is broken is known now: nobody is to be given it.
    const own = wholePictures(examples, store.broken())
    if (own.every(file => file === undefined)) {
      throw new InvalidArgumentError({
        argument: 'images',
        rule: 'must hold a picture of at least one post',
        received: images,
        fix: 'Check the folder and the names of the pictures in the posts.',
      })
    }
    const { files: exchanged, unchanged } = exchangePicturesWithin(own, seed)
    const shuffled = await scoreWith(exchanged, store)
    const runs: [ProbeName, EvaluationFolder][] = [
      ['blank', await scoreWith(own, blankPictures(store, store.encoder))],
      ['none', await scoreWith(own, undefined)],
      ['shuffled', shuffled],
    ]
    if (foreignImages !== undefined) {
      const files = await foreignPictures(foreignImages, own, seed)
      runs.push(['foreign', await scoreWith(files, await open(foreignImages))])
    }
    const foreign = runs.find(([probe]) => probe === 'foreign')?.[1]
    // Whoever kept the own picture tells nothing of matched against exchanged.
    const foreignTo = (run: EvaluationFolder): number[] =>
      run.predictions.flatMap(({ match }, post) =>
        match === null || (run === shuffled && exchanged[post] === own[post]) ? [] : [match],
      )
    const report: ProbeReport = {
      kind: 'probe',
      context: truth.evaluation.context,
      rounds,
      seed,
      probes: [resultOf('true', truth, null), ...runs.map(([probe, run]) => resultOf(probe, run, truth))],
      unchanged,
      auc: {
        shuffled: areaUnderRoc(matches(truth), foreignTo(shuffled)),
        foreign: foreign ? areaUnderRoc(matches(truth), foreignTo(foreign)) : null,
      },
      gates: gates.histogram(),
      notes: [
        ...(config.model.matching ? [] : ['The model has no matching module.']),
        ...((config.model.fusion?.kind ?? 'gated') === 'gated' ? [] : ['Its fusion has no gate.']),
      ],
    }
    if (out !== undefined) await writeReport(out, { report, markdown: formatProbe(report) }, { overwrite })
    return { report, engine, brokenPictures: stores.flatMap(one => one.broken()) }
  } finally {
    await Promise.all(stores.map(one => one.dispose()))
    await plain.dispose()
    await withGates.dispose()
    model.dispose()
  }
}
