import { extractSpans, scoreLabels, tokenAccuracy } from '@mafjs/evaluate'
import type { FolderReport, Row } from './comparison'
import { readCases } from './golden-files'

interface Scores {
  precision: number
  recall: number
  f1: number
}
interface ScorerCase extends Scores {
  name: string
  gold: string[][]
  pred: string[][]
  accuracy: number
  per_type: Record<string, Scores>
  gold_chunks: [type: string, start: number, end: number][][]
  pred_chunks: [type: string, start: number, end: number][][]
}

/** Both sides divide the same whole numbers. */
const TOLERANCE = 1e-12

const METRICS = ['precision', 'recall', 'f1'] as const

function checkCase({ name, gold, pred, accuracy, per_type, ...golden }: ScorerCase): Row[] {
  const pair = { gold, predicted: pred }
  const scores = scoreLabels(pair, 'published')
  const row = (what: string, actual: number | undefined, expected: number): Row => ({
    name: `${name}/${what}`,
    deviation: Math.abs((actual ?? Number.NaN) - expected),
    tolerance: TOLERANCE,
  })
  const differing = (labels: string[][], chunks: ScorerCase['gold_chunks']): number => {
    const found = labels.map(sentence =>
      extractSpans(sentence, 'published').map(({ type, start, end }) => [type, start, end]),
    )
    const wrong = found.filter((sentence, i) => JSON.stringify(sentence) !== JSON.stringify(chunks[i]))
    return wrong.length + Math.max(0, chunks.length - found.length)
  }
  return [
    { name: `${name}/gold_chunks`, deviation: differing(gold, golden.gold_chunks), tolerance: 0 },
    { name: `${name}/pred_chunks`, deviation: differing(pred, golden.pred_chunks), tolerance: 0 },
    row('accuracy', tokenAccuracy(pair), accuracy),
    ...METRICS.map(metric => row(metric, scores.micro[metric], golden[metric])),
    ...Object.entries(per_type).flatMap(([type, expected]) =>
      // A type that neither side has is zero by the published convention.
      METRICS.map(metric => row(`${type}.${metric}`, scores.perType[type]?.[metric] ?? 0, expected[metric])),
    ),
  ]
}

/** Checks every case of the published scorer: chunks, accuracy, and the scores overall and per type. */
export async function checkScorer(path: string): Promise<FolderReport> {
  const rows = readCases<ScorerCase>(path).flatMap(checkCase)
  return { folder: path, rows, unmatched: [], unused: [] }
}
