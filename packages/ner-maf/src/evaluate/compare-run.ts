import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { InvalidArgumentError } from '@mafjs/tensor'
import { type ComparedRuns, type Comparison, compareRuns } from './compare-runs'
import { readEvaluation } from './evaluation-folder'
import { formatComparison } from './format-comparison'
import { assertWritableReport, writeReport } from './report-folder'
import type { SignificanceOptions } from './significance'

/** What is compared. */
export interface CompareRunOptions extends SignificanceOptions {
  /** A folder that `evaluate --out` or `train --seeds` wrote. */
  a: string
  /** Another one of the same kind. */
  b: string
  /** Folder to write: `report.json` and `report.md`. @default nothing is written */
  out?: string
  /** Replaces a comparison that is there already. @default false */
  overwrite?: boolean
}

/** What of `summary.json` a comparison reads. */
interface Summary {
  kind?: string
  seeds?: number[]
  runs?: { seed: number; evaluation: string }[]
}

async function readSummary(folder: string): Promise<Summary | undefined> {
  const text = await readFile(join(folder, 'summary.json'), 'utf8').catch(() => undefined)
  if (text === undefined) return undefined
  const refuse = (rule: string, received: string, fix: string): never => {
    throw new InvalidArgumentError({ argument: join(folder, 'summary.json'), rule, received, fix })
  }
  let summary: Summary | undefined
  try {
    summary = JSON.parse(text) as Summary
  } catch {
    summary = undefined
  }
  if (summary?.kind !== 'seeds' || !summary.seeds || !summary.runs) {
    return refuse(
      'must be the summary of `ner-maf train --seeds`',
      `kind ${summary?.kind}`,
      'Train it again.',
    )
  }
  const missing = summary.seeds.filter(seed => !summary.runs!.some(run => run.seed === seed))
  if (missing.length > 0) {
    refuse(
      'must have a run for every seed',
      `none for ${missing.join(', ')}`,
      'Give the same command of `ner-maf train` again: it goes on with what is missing.',
    )
  }
  return summary
}

/**
 * Reads the evaluations in a folder: its own, or those of all its seeds.
 *
 * @throws InvalidArgumentError for a folder that holds neither, or a summary that is not finished.
 */
export async function readRuns(folder: string): Promise<ComparedRuns> {
  const summary = await readSummary(folder)
  if (!summary) return { name: folder, runs: [await readEvaluation(folder)] }
  const chosen = summary.runs!.filter(({ seed }) => summary.seeds!.includes(seed))
  const runs = await Promise.all(chosen.map(({ evaluation }) => readEvaluation(join(folder, evaluation))))
  return { name: folder, runs }
}

/**
 * Compares what two models found on the same posts.
 *
 * @throws InvalidArgumentError for folders that cannot be read, or that were scored on different posts.
 */
export async function compareRun({
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
