import { type EvaluationReport, formatReport } from '@mafjs/evaluate'
import { replaceFile } from '@mafjs/tensor/files'
import { drawCurves } from './curves'
import { readEvents } from './event-log'
import type { RunRecord } from './run-record'
import type { TrainRunReport } from './train-run'

/** The files of a run's report within its folder. */
export const [REPORT, CURVES] = ['report.md', 'curves.svg'] as const

const json = (value: unknown): string => `\`\`\`json\n${JSON.stringify(value, null, 2)}\n\`\`\``

const section = (title: string, report: EvaluationReport | undefined): string[] =>
  report ? [`## ${title}`, `\`\`\`text\n${formatReport(report)}\n\`\`\``] : []

/** Writes a run's report in Markdown, and its curves. */
export async function writeRunReport(
  out: string,
  { validation, test, training, brokenPictures }: TrainRunReport,
  { fingerprints, versions, commit, computedBy, ...options }: RunRecord,
): Promise<void> {
  const { bestEpoch, lastEpoch, settings, cut, windows, withoutGradient } = training
  const facts = [
    `Best epoch: ${bestEpoch}, of ${lastEpoch} that were trained; ${settings.epochs} were asked for.`,
    validation
      ? 'The epoch was chosen by strict F1 on the validation split.'
      : 'There was no validation split: the last epoch was kept.',
    windows.posts > 0 &&
      `Training posts read in windows: ${windows.posts}; with them there were ${windows.examples} examples.`,
    `Training posts cut at the longest length: ${cut.length}. Broken pictures: ${brokenPictures.length}.`,
    withoutGradient.length > 0 && `No gradient reached ${withoutGradient.join(', ')}.`,
    computedBy,
  ].filter(Boolean)
  const text = [
    '# A run of ner-maf',
    facts.map(fact => `- ${fact}`).join('\n'),
    ...section('Test', test),
    ...section('Validation', validation),
    '## Curves',
    `![Loss, learning rate and validation F1 over the steps](${CURVES})`,
    '## Data',
    json(fingerprints),
    '## Options',
    json(options),
    '## Made by',
    json({ versions, commit }),
  ].join('\n\n')
  await replaceFile(out, CURVES, drawCurves(await readEvents(out)))
  await replaceFile(out, REPORT, `${text}\n`)
}
