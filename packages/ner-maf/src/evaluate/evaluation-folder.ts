import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { InvalidArgumentError } from '@mafjs/tensor'
import { readWhole } from '../folders/read-whole'
import type { Evaluation } from './evaluation'
import { formatEvaluation } from './format-evaluation'
import { countsOf, type Prediction, parsePredictions } from './predictions'
import { writeReport } from './report-folder'
import { sumCounts } from './sentence-counts'

/** What `ner-maf evaluate --out` writes and `ner-maf compare` reads. */
export interface EvaluationFolder {
  evaluation: Evaluation
  /** One for each sentence, in order. */
  predictions: Prediction[]
}

/**
 * Writes `report.json`, `report.md` and `predictions.jsonl`.
 *
 * @throws InvalidArgumentError for a folder that exists, or with `overwrite` for one that holds no evaluation.
 */
export async function writeEvaluation(
  folder: string,
  { evaluation, predictions }: EvaluationFolder,
  { overwrite = false, files = {} }: { overwrite?: boolean; files?: Record<string, string> } = {},
): Promise<void> {
  const lines = predictions.map(prediction => `${JSON.stringify(prediction)}\n`)
  await writeReport(
    folder,
    {
      report: evaluation,
      markdown: formatEvaluation(evaluation),
      files: { 'predictions.jsonl': lines.join(''), ...files },
    },
    { overwrite },
  )
}

const refuse = (folder: string, rule: string, received: string): never => {
  throw new InvalidArgumentError({
    argument: folder,
    rule,
    received,
    fix: 'Give a folder that `ner-maf evaluate --out` wrote.',
  })
}

/**
 * Reads a folder that `writeEvaluation` wrote.
 *
 * @throws InvalidArgumentError naming what is missing or damaged, or does not belong together.
 */
export async function readEvaluation(folder: string): Promise<EvaluationFolder> {
  const read = (place: string, name: string): Promise<string> =>
    readFile(join(place, name), 'utf8').catch(error =>
      refuse(folder, `must hold a readable ${name}`, (error as NodeJS.ErrnoException).code ?? String(error)),
    )
  return readWhole(folder, async place => {
    const report = await read(place, 'report.json')
    let evaluation: Evaluation | undefined
    try {
      evaluation = JSON.parse(report) as Evaluation
    } catch {
      evaluation = undefined
    }
    if (evaluation?.kind !== 'evaluation' || typeof evaluation.context?.dataFingerprint !== 'string') {
      return refuse(folder, 'must hold the report.json of an evaluation', `kind ${evaluation?.kind}`)
    }
    const predictions = parsePredictions(
      await read(place, 'predictions.jsonl'),
      join(folder, 'predictions.jsonl'),
    )
    for (const rule of ['strict', 'lenient'] as const) {
      const counted = sumCounts(predictions.map(prediction => countsOf(prediction, rule)))
      const { support, predicted, correct } = evaluation[rule].micro
      const reported = { support, predicted, correct }
      if (
        predictions.length !== evaluation.sentences ||
        JSON.stringify(counted) !== JSON.stringify(reported)
      ) {
        refuse(
          folder,
          'must hold predictions.jsonl of its report.json',
          `${rule}: ${JSON.stringify(counted)} in ${predictions.length} sentences there, ${JSON.stringify(reported)} in ${evaluation.sentences} here`,
        )
      }
    }
    return { evaluation, predictions }
  })
}
