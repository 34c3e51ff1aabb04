import { replaceFile } from '@mafjs/tensor/files'
import { readEvents } from '../record/event-log'
import type { FitResult } from '../record/fit-result'
import type { RunRecord } from '../record/run-record'
import { type DrawnScores, drawCurves } from './curves'

/** The files of a run's report within its folder. */
export const [REPORT, CURVES, CARD] = ['report.md', 'curves.svg', 'README.md'] as const

/** What a task says of its runs, beside what every task has. */
export interface RunReportWords<Report> {
  /** @default 'A training' */
  title?: string | undefined
  /** What the best epoch was chosen by, for a sentence. @default 'the score' */
  chosenBy?: string | undefined
  /** Further sentences. @default none */
  facts?: ((result: FitResult<Report>) => readonly string[]) | undefined
  /** A report as a text of fixed width. @default its JSON */
  format?: ((report: Report) => string) | undefined
  /** What is drawn of the validation reports. @default their score */
  scores?: DrawnScores<Report> | undefined
  /** The model card, `README.md`. @default none is written */
  card?: ((result: FitResult<Report>, record: RunRecord) => string) | undefined
  /** The content of `metrics.json`. @default reports and training */
  metrics?: ((result: FitResult<Report>) => object) | undefined
}

const jsonBlock = (value: unknown): string => `\`\`\`json\n${JSON.stringify(value, null, 2)}\n\`\`\``

const textBlock = (text: string): string => `\`\`\`text\n${text}\n\`\`\``

/** Writes a run's report in Markdown, its curves, and its model's card. */
export async function writeRunReport<Report extends object>(
  folder: string,
  result: FitResult<Report>,
  { record, words }: { record: RunRecord; words: RunReportWords<Report> },
): Promise<void> {
  const { fingerprints, versions, commit, computedBy, ...options } = record
  const { bestEpoch, lastEpoch, settings, withoutGradient, validation, test } = result
  const { title = 'A training', chosenBy = 'the score', facts = () => [], format, scores } = words
  const section = (name: string, report: Report | undefined): string[] =>
    report ? [`## ${name}`, format ? textBlock(format(report)) : jsonBlock(report)] : []
  const sentences = [
    `Best epoch: ${bestEpoch}, of ${lastEpoch} that were trained; ${settings.epochs} were asked for.`,
    validation
      ? `The epoch was chosen by ${chosenBy} on the validation split.`
      : 'There was no validation split: the last epoch was kept.',
    ...facts(result),
    ...(withoutGradient.length > 0 ? [`No gradient reached ${withoutGradient.join(', ')}.`] : []),
    computedBy,
  ]
  const text = [
    `# ${title}`,
    sentences.map(sentence => `- ${sentence}`).join('\n'),
    ...section('Test', test),
    ...section('Validation', validation),
    '## Curves',
    `![Loss, learning rate and validation scores over the steps](${CURVES})`,
    '## Data',
    jsonBlock(fingerprints),
    '## Options',
    jsonBlock(options),
    '## Made by',
    jsonBlock({ versions, commit }),
  ].join('\n\n')
  await replaceFile(folder, CURVES, drawCurves<Report>(await readEvents(folder), scores))
  if (words.card) await replaceFile(folder, CARD, words.card(result, record))
  await replaceFile(folder, REPORT, `${text}\n`)
}
