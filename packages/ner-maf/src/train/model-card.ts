import { basename, isAbsolute } from 'node:path'
import type { SplitFingerprint } from '@mafjs/data'
import { type EvaluationReport, formatReport, markdownTable, percent } from '@mafjs/evaluate'
import type { FitResult, RunRecord } from '@mafjs/train'

/** What a run says of its model, beside its record. */
export interface ModelCardInputs {
  result: FitResult<EvaluationReport>
  record: RunRecord
  /** Entity types of the model. */
  types: readonly string[]
  /** Further sentences of what the run met. */
  facts: readonly string[]
}

/** A name without the folders of the machine that it was trained on. */
const nameOf = (path: unknown): string => (isAbsolute(String(path)) ? basename(String(path)) : String(path))

/** Scores as Hugging Face's `model-index` has them; a text in YAML is one in JSON. */
function modelIndex(data: string, split: string, report: EvaluationReport): string[] {
  const metrics = ([report.strict, report.lenient] as const).flatMap(({ rule, micro }) =>
    (['f1', 'precision', 'recall'] as const).flatMap(metric => [
      `    - type: ${metric}`,
      `      name: ${metric} (${rule})`,
      `      value: ${micro[metric].toFixed(4)}`,
    ]),
  )
  return [
    'model-index:',
    `- name: ${JSON.stringify(`MAF trained on ${data}`)}`,
    '  results:',
    '  - task:',
    '      type: token-classification',
    '      name: Named Entity Recognition',
    '    dataset:',
    `      name: ${JSON.stringify(data)}`,
    `      type: ${JSON.stringify(data)}`,
    `      split: ${split}`,
    '    metrics:',
    ...metrics,
  ]
}

const dataTable = (fingerprints: RunRecord['fingerprints']): string =>
  markdownTable(
    ['split', 'posts', 'words', 'entities', 'with a picture', 'words and labels'],
    Object.entries(fingerprints as Record<string, SplitFingerprint>).map(
      ([split, { posts, words, entities, pictures, data }]) => [
        ...[split, ...[posts, words, entities, pictures].map(String)],
        `\`${data.slice(0, 'sha256:'.length + 16)}\``,
      ],
    ),
    [0, 5],
  )

const scoreTable = (reports: readonly [split: string, report: EvaluationReport][]): string =>
  markdownTable(
    ['split', 'rule', 'precision', 'recall', 'F1', 'entities'],
    reports.flatMap(([split, report]) =>
      [report.strict, report.lenient].map(({ rule, micro }) => [
        ...[split, rule, percent(micro.precision), percent(micro.recall), percent(micro.f1)],
        String(micro.support),
      ]),
    ),
    [0, 1],
  )

/**
 * The model card of a run: its data, scores by both rules, limits and how to load it, with Hugging Face's fields above. It says
 * what the run knows and nothing else, and nothing that changes from release to release.
 */
export function modelCard({ result, record, types, facts }: ModelCardInputs): string {
  const { validation, test, bestEpoch, lastEpoch, settings } = result
  const data = nameOf(record['data'])
  const reports = (
    [
      ['test', test],
      ['validation', validation],
    ] as const
  ).flatMap(([split, report]): [string, EvaluationReport][] => (report ? [[split, report]] : []))
  const shown = reports[0]
  const readsPictures = record['imageEncoder'] !== 'none'
  const limits = [
    `It knows the entity types ${types.join(', ')}, and no others.`,
    `It was trained and scored on ${data} alone; how it does on other posts or in another language was not measured.`,
    'One training is one draw: another seed scores otherwise.',
    ...(validation ? ['The epoch was chosen by the validation split, whose scores flatter it.'] : []),
    ...(shown ? [] : ['It was not scored: the run had no validation and no test split.']),
    readsPictures
      ? 'Whether it makes use of the pictures, `ner-maf probe` tells.'
      : 'It reads the text alone: pictures change nothing.',
    `Texts are split into words by the splitter \`${record['splitter']}\`; beyond ${record['maxLength']} word pieces they are ${record['longTexts'] === 'cut' ? 'cut' : 'read in windows'}.`,
  ]
  const training = [
    ...(Array.isArray(record['parts'])
      ? [
          `It has modules of its own (${record['parts'].join(', ')}), which loading it needs: \`loadMaf('FOLDER', { parts })\`.`,
        ]
      : []),
    ...(record['init'] === undefined ? [] : [`Started from the model ${nameOf(record['init'])}.`]),
    `Text encoder: ${record['textEncoder'] === undefined ? 'that of the model it started from' : nameOf(record['textEncoder'])}${record['randomTextEncoder'] ? ', from random weights' : ''}${record['wordShapes'] ? ', with the shapes of words' : ''}. Image encoder: ${nameOf(record['imageEncoder'])}.`,
    `Epoch ${bestEpoch} of ${lastEpoch}, seed ${settings.seed}. All options are in \`run.json\`, all scores in \`metrics.json\`.`,
    ...facts,
  ]
  const list = (sentences: readonly string[]): string => sentences.map(one => `- ${one}`).join('\n')
  return [
    '---',
    'library_name: ner-maf',
    'pipeline_tag: token-classification',
    'tags:',
    ...['named-entity-recognition', ...(readsPictures ? ['multimodal'] : []), 'ner-maf'].map(
      tag => `- ${tag}`,
    ),
    'metrics:',
    ...['f1', 'precision', 'recall'].map(metric => `- ${metric}`),
    ...(shown ? modelIndex(data, ...shown) : []),
    '---',
    '',
    [
      '# MAF, named entity recognition',
      `Finds ${types.join(', ')} in posts${readsPictures ? ' with pictures' : ''}. This card was written by the run that trained the model.`,
      'License and language are not known to it: add `license` and `language` above before you publish the model.',
      '## Use',
      "```ts\nimport { loadMaf } from '@mafjs/ner-maf'\n\nconst maf = await loadMaf('FOLDER')\nconst { entities } = await maf.annotate({ text: 'a post' })\n```",
      'On the command line, `ner-maf predict` and `ner-maf evaluate` read the same folder.',
      '## Data',
      `\`${data}\`:`,
      dataTable(record.fingerprints),
      ...(shown
        ? [
            '## Scores, %',
            'Strict: only `B-` opens an entity. Lenient: an `I-` that continues none opens one too.',
            scoreTable(reports),
            `By type, ${shown[0]}:`,
            `\`\`\`text\n${formatReport(shown[1])}\n\`\`\``,
          ]
        : []),
      '## Limits',
      list(limits),
      '## Training',
      list(training),
    ].join('\n\n'),
    '',
  ].join('\n')
}
