import { type EvaluationReport, formatReport } from '@mafjs/evaluate'
import type { FitResult, RunReportWords } from '@mafjs/train'
import { modelCard } from './model-card'
import type { TrainRunReport } from './train-run-options'

function factsOf({ training: { windows, cut }, brokenPictures }: TrainRunReport): string[] {
  return [
    ...(windows.posts > 0
      ? [
          `Training posts read in windows: ${windows.posts}; with them there were ${windows.examples} examples.`,
        ]
      : []),
    `Training posts cut at the longest length: ${cut.length}. Broken pictures: ${brokenPictures.length}.`,
  ]
}

/** What a run's folder says of a training of MAF. */
export const runWords = (
  reportOf: (result: FitResult<EvaluationReport>) => TrainRunReport,
  types: readonly string[],
): RunReportWords<EvaluationReport> => ({
  title: 'A run of ner-maf',
  chosenBy: 'strict F1',
  facts: result => factsOf(reportOf(result)),
  format: formatReport,
  card: (result, record) => modelCard({ result, record, types, facts: factsOf(reportOf(result)) }),
  scores: {
    title: 'Validation F1, %',
    of: ({ strict, lenient }) => ({ strict: 100 * strict.micro.f1, lenient: 100 * lenient.micro.f1 }),
  },
  metrics: reportOf,
})
