import { join } from 'node:path'
import { readEvaluation } from '@mafjs/data'
import type { SignificanceOptions } from '@mafjs/evaluate'
import {
  type ComparedRuns,
  type Comparison,
  compareRuns,
  formatComparison,
} from '@mafjs/evaluate/evaluations'
import { InvalidArgumentError } from '@mafjs/tensor'
import { assertWritableReport, withLock, writeReport } from '@mafjs/tensor/files'
import { readSeeds, type SeedsSummary } from '@mafjs/train'
import { evaluationOf } from '../seeds/train-seeds'

/** What is compared. */
export interface CompareRunOptions extends SignificanceOptions {
  /** A folder that `evaluate --out` or `train --seeds` wrote. */
  a: string
  /** Another one of the same kind. */
  b: string
  /** Folder to write: `report.json` and `report.md`. @default nothing is written */
  out?: string | undefined
  /** Replaces a comparison that is there already. @default false */
  overwrite?: boolean | undefined
}

/** Of a training with seeds, that every seed has its run. */
function assertFinished({ seeds, runs }: SeedsSummary, folder: string): void {
  const missing = seeds.filter(seed => runs.every(run => run.seed !== seed))
  if (missing.length === 0) return
  throw new InvalidArgumentError({
    argument: join(folder, 'summary.json'),
    rule: 'must have a run for every seed',
    received: `none for ${missing.join(', ')}`,
    fix: 'Give the same command of `ner-maf train` again: it goes on with what is missing.',
  })
}

/**
 * Reads the evaluations in a folder: its own, or those of all its seeds.
 *
 * @throws InvalidArgumentError for a folder that holds neither, or a summary that is not finished.
 */
export async function readRuns(folder: string): Promise<ComparedRuns> {
  const summary = await readSeeds(folder)
  if (!summary) return { name: folder, runs: [await readEvaluation(folder)] }
  assertFinished(summary, folder)
  const chosen = summary.runs.filter(({ seed }) => summary.seeds.includes(seed))
  const runs = await Promise.all(chosen.map(({ seed }) => readEvaluation(join(folder, evaluationOf(seed)))))
  return { name: folder, runs }
}

/**
 * Compares what two models found on the same posts.
 *
 * @throws InvalidArgumentError for folders that cannot be read, or that were scored on different posts.
 */
export function compareRun(options: CompareRunOptions): Promise<Comparison> {
  return withLock(options.out, { command: 'ner-maf compare' }, () => compareInto(options))
}

async function compareInto({
  a,
  b,
  out,
  overwrite = false,
  rounds,
  seed,
}: CompareRunOptions): Promise<Comparison> {
  if (out !== undefined) await assertWritableReport(out, { kind: 'comparison', overwrite })
  const pair = { a: await readRuns(a), b: await readRuns(b) }
  const comparison = compareRuns(pair, { rounds, seed })
  if (out !== undefined) {
    await writeReport(out, { report: comparison, markdown: formatComparison(comparison) }, { overwrite })
  }
  return comparison
}
