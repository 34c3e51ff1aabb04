import { mkdir, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { type ComparedRuns, compareRuns } from '@mafjs/evaluate/evaluations'
import { InvalidArgumentError } from '@mafjs/tensor'
import { replaceFile, reportKind, withLock } from '@mafjs/tensor/files'
import { readSeeds } from '@mafjs/train'
import { readRuns } from '../compare/compare-run'
import { type TrainSeedsOptions, trainSeeds } from '../seeds/train-seeds'
import { type AblationReport, ablationRows, type FinishedRow, formatAblation } from './ablation-report'
import { ABLATION_NAMES, ABLATIONS, type AblationName, chooseAblations } from './ablations'

/** What is trained: MAF as the options say, and the same with one thing changed in each row. */
export interface AblateRunOptions extends Omit<TrainSeedsOptions, 'preset' | 'without' | 'wiring' | 'seeds'> {
  /** Folder of the pictures. */
  images: string
  /** A ResNet's weights. */
  imageEncoder: string
  /** The folder to write: `report.json`, `report.md`, and a folder for each row. */
  out: string
  /** How many seeds each row is trained with. @default 1 */
  seeds?: number | undefined
  /** @default all rows */
  rows?: readonly AblationName[] | undefined
  /** Samples of either test. @default 10000 */
  rounds?: number | undefined
  /** Called before every row. */
  onRow?: ((name: AblationName) => void) | undefined
}

/** Whether one of an ablation's rows is there. */
async function hasRow(folder: string): Promise<boolean> {
  const rows = await Promise.all(ABLATION_NAMES.map(name => readSeeds(join(folder, rowFolder(name)))))
  return rows.some(row => row !== undefined)
}

/** Refuses a folder that is not new and that no ablation has begun. */
async function assertAblationFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true })
  const names = await readdir(folder)
  if (names.length === 0) return
  const kind = await reportKind(folder, 'Remove the file: the same command writes it again.')
  if (kind === 'ablation' || (kind === undefined && (await hasRow(folder)))) return
  throw new InvalidArgumentError({
    argument: 'out',
    rule: 'must be new, or a folder that an ablation has begun',
    received: `${folder} with ${names.slice(0, 5).join(', ')}`,
    fix: 'Choose another folder, or remove this one yourself.',
  })
}

/**
 * Trains MAF and its ablations on the same data with the same seeds, and compares each with MAF. What was finished before
 * with the same options is not done again.
 *
 * @throws InvalidArgumentError for a row it does not know, a run without pictures, or a folder that was begun with other
 * options.
 */
export function ablateRun(options: AblateRunOptions): Promise<AblationReport> {
  return withLock(options.out, { command: 'ner-maf ablate' }, () => ablateInto(options))
}

async function ablateInto({
  rows: wanted,
  seeds = 1,
  rounds = 10_000,
  onRow = () => {},
  ...options
}: AblateRunOptions): Promise<AblationReport> {
  const { out, images, imageEncoder } = options
  const names = chooseAblations(wanted)
  if (imageEncoder === 'none' || images === undefined) {
    throw new InvalidArgumentError({
      argument: imageEncoder === 'none' ? 'imageEncoder' : 'images',
      rule: 'must be given: without pictures nothing of MAF is left to be ablated',
      received: imageEncoder === 'none' ? 'none' : 'nothing',
    })
  }
  await assertAblationFolder(out)
  const finished: FinishedRow[] = []
  let maf: ComparedRuns | undefined
  let report: AblationReport | undefined
  const write = async (): Promise<void> => {
    const { context } = maf!.runs[0]!.evaluation
    report = {
      kind: 'ablation',
      split: context.split,
      dataFingerprint: context.dataFingerprint,
      sentences: context.sentences,
      seeds: finished[0]!.summary.seeds,
      rounds,
      seed: TEST_SEED,
      rows: ablationRows(finished, context.split),
      unfinished: names.filter(name => finished.every(row => row.name !== name)),
    }
    await replaceFile(out, 'report.md', `${formatAblation(report)}\n`)
    await replaceFile(out, 'report.json', `${JSON.stringify(report, null, 2)}\n`)
  }
  // Begun: from now on the folder is known as ours.
  if ((await reportKind(out)) === undefined) {
    await replaceFile(out, 'report.json', `${JSON.stringify({ kind: 'ablation', unfinished: names })}\n`)
  }
  for (const name of names) {
    onRow(name)
    const folder = rowFolder(name)
    const summary = await trainSeeds({
      ...options,
      ...ABLATIONS[name].options,
      out: join(out, folder),
      seeds,
    })
    const runs = await readRuns(join(out, folder))
    maf ??= runs
    const comparison = runs === maf ? null : compareRuns({ a: maf, b: runs }, { rounds, seed: TEST_SEED })
    finished.push({ name, folder, summary, comparison })
    await write()
  }
  return report!
}

/** Where a row stands in the folder. */
const rowFolder = (name: AblationName): string => `rows/${name}`

/** The tests draw the same samples whatever the models' seeds are. */
const TEST_SEED = 37
