import { join } from 'node:path'
import { sumCounts } from '@mafjs/evaluate'
import {
  countsOf,
  type Evaluation,
  type EvaluationFolder,
  formatEvaluation,
  parsePredictions,
} from '@mafjs/evaluate/evaluations'
import { InvalidArgumentError } from '@mafjs/tensor'
import { REPORT_FILE, readJson, readText, readWhole, withLock, writeReport } from '@mafjs/tensor/files'
import { hasFields, isCount, isNumber, isText } from '@mafjs/tensor/json'

/**
 * Writes an evaluation's folder under its lock: `report.json`, `report.md` and `predictions.jsonl`.
 *
 * @throws InvalidArgumentError for a folder that is in use, that exists, or with `overwrite` for one that holds no evaluation.
 */
export const writeEvaluation = (
  folder: string,
  content: EvaluationFolder,
  options: { overwrite?: boolean; files?: Record<string, string> } = {},
): Promise<void> =>
  withLock(folder, { command: 'writeEvaluation', argument: 'folder' }, () =>
    replaceEvaluation(folder, content, options),
  )

/**
 * Writes an evaluation's folder, for who has its lock.
 *
 * @throws InvalidArgumentError for a folder that exists, or with `overwrite` for one that holds no evaluation.
 */
export async function replaceEvaluation(
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

const fix = 'Give the folder of an evaluation, or write this one again.'

const isScored = hasFields({
  micro: hasFields({ support: isCount, predicted: isCount, correct: isCount, f1: isNumber }),
})

const FIELDS = {
  kind: (kind: unknown) => kind === 'evaluation',
  context: hasFields({ dataFingerprint: isText }),
  sentences: isCount,
  strict: isScored,
  lenient: isScored,
}

/**
 * Reads a folder that `writeEvaluation` wrote.
 *
 * @throws InvalidArgumentError naming what is missing or damaged, or does not belong together.
 */
export async function readEvaluation(folder: string): Promise<EvaluationFolder> {
  return readWhole(folder, async place => {
    const evaluation = await readJson<Evaluation>(join(place, REPORT_FILE), { fields: FIELDS, fix })
    const lines = await readText(join(place, 'predictions.jsonl'), fix)
    const predictions = parsePredictions(lines, join(folder, 'predictions.jsonl'))
    for (const rule of ['strict', 'lenient'] as const) {
      const counted = sumCounts(predictions.map(prediction => countsOf(prediction, rule)))
      const { support, predicted, correct } = evaluation[rule].micro
      const reported = { support, predicted, correct }
      if (
        predictions.length !== evaluation.sentences ||
        JSON.stringify(counted) !== JSON.stringify(reported)
      ) {
        throw new InvalidArgumentError({
          argument: folder,
          rule: 'must hold predictions.jsonl of its report.json',
          received: `${rule}: ${JSON.stringify(counted)} in ${predictions.length} sentences there, ${JSON.stringify(reported)} in ${evaluation.sentences} here`,
          fix,
        })
      }
    }
    return { evaluation, predictions }
  })
}
