import { ERROR_CLASSES, type ErrorClass } from '../entities/error-classes'
import type { Averages, Score } from '../entities/scores'
import { markdownTable, percent } from '../markdown-table'
import type { Evaluation, EvaluationContext } from './evaluation'
import type { Found, SeenEntities } from './seen-entities'

/** Numbers of a configuration that tell encoders apart, by the word a person reads before them. */
const ENCODER_SIZES = ['layers', 'width', 'hidden', 'heads', 'patchSize', 'imageSize'] as const

/** An encoder in a few words, from its configuration. */
export function describeEncoder(encoder: object | null): string {
  if (!encoder) return 'none'
  const config = encoder as Record<string, unknown>
  const sizes = ENCODER_SIZES.flatMap(name => {
    const size = config[name]
    return size === undefined ? [] : [`${name} ${Array.isArray(size) ? size.join('-') : size}`]
  })
  const name = [config['name'], config['kind']].filter(part => typeof part === 'string').join(', ')
  return [name || 'unnamed', ...sizes].join(', ')
}

const MEANINGS = [
  'strict (IOB2): only `B-` opens an entity. lenient (CoNLL): an `I-` that continues no entity opens one.',
  'An entity is right if type, start and end are. Precision, recall and F1 in percent.',
]

function formatContext(context: EvaluationContext): string {
  const { encoders, entities, pictures, pictureFingerprint } = context
  const rows: [string, string][] = [
    ['model', context.model],
    ['data', `${context.data}, split ${context.split}`],
    ['data fingerprint', context.dataFingerprint],
    ['sentences', String(context.sentences)],
    ['entities', `${entities.strict} strict, ${entities.lenient} lenient`],
    ['pictures', pictures === 0 ? 'none' : `${pictures} posts, names ${pictureFingerprint}`],
    ['text encoder', describeEncoder(encoders.text)],
    ['image encoder', describeEncoder(encoders.image)],
    ['modules', context.modules.join(', ') || 'none'],
    ['seed', String(context.seed)],
    ['version', context.version],
  ]
  return markdownTable(['what', 'value'], rows, [0, 1])
}

function formatScores({ strict, lenient }: Evaluation): string {
  const [byStrict, byLenient] = [strict, lenient].map(({ perType }) => new Map(Object.entries(perType)))
  const types = [...new Set([...byStrict!.keys(), ...byLenient!.keys()])].sort()
  const cells = (score: Averages | Score | undefined): string[] => {
    if (!score) return ['', '', '', '', '']
    const counts = 'support' in score ? [score.support, score.predicted] : []
    return [
      ...[score.precision, score.recall, score.f1].map(percent),
      ...counts.map(String),
      ...new Array<string>(2 - counts.length).fill(''),
    ]
  }
  const titles = (rule: string): string[] => ['P', 'R', 'F1', 'gold', 'found'].map(name => `${rule} ${name}`)
  return markdownTable(
    ['', ...titles('strict'), ...titles('lenient')],
    [
      ...types.map(type => [type, ...cells(byStrict!.get(type)), ...cells(byLenient!.get(type))]),
      ...(['micro', 'macro', 'weighted'] as const).map(mean => [
        mean,
        ...cells(strict[mean]),
        ...cells(lenient[mean]),
      ]),
    ],
  )
}

function formatErrors({ counts, confusion }: Evaluation['errors']): string {
  const names = Object.keys(ERROR_CLASSES) as ErrorClass[]
  const table = markdownTable(
    ['class', 'entities', 'meaning'],
    names.map(name => [ERROR_CLASSES[name].title, String(counts[name]), ERROR_CLASSES[name].meaning]),
    [0, 2],
  )
  const byGold = new Map(Object.entries(confusion).map(([gold, row]) => [gold, new Map(Object.entries(row))]))
  const types = [...new Set([...byGold].flatMap(([gold, row]) => [gold, ...row.keys()]))].sort()
  const rows = types.map(gold => [gold, ...types.map(found => String(byGold.get(gold)?.get(found) ?? 0))])
  const confused = types.length > 0 ? markdownTable(['gold \\ predicted', ...types], rows) : 'None.'
  return `## Errors, strict rule\n\n${table}\n\nTypes where the borders are the same:\n\n${confused}`
}

function formatSeen(seen: SeenEntities | null): string {
  const title = '## Seen and unseen entities, strict rule'
  if (!seen) return `${title}\n\nNot known: no training split was at hand, or it was scored.`
  const row = (name: string, { gold, correct, recall }: Found): string[] => [
    name,
    String(gold),
    String(correct),
    gold === 0 ? '' : percent(recall),
  ]
  const { train } = seen
  return [
    title,
    '',
    `Training split: ${train.sentences} sentences, ${train.forms} forms, ${train.fingerprint}.`,
    'A form is the words of an entity, in their case.',
    '',
    markdownTable(
      ['the form in the training split', 'gold', 'correct', 'recall'],
      [
        row('an entity: seen', seen.seen),
        row('- of this type', seen.sameType),
        row('- of other types only', seen.otherType),
        row('no entity: unseen', seen.unseen),
      ],
    ),
  ].join('\n')
}

/** An evaluation for people, in Markdown. */
export function formatEvaluation(evaluation: Evaluation): string {
  const { sentences, tokens, tokenAccuracy } = evaluation
  return [
    '# Evaluation',
    formatContext(evaluation.context),
    '## Scores',
    [
      ...MEANINGS,
      `${sentences} sentences, ${tokens} tokens, token accuracy ${percent(tokenAccuracy)} %.`,
    ].join('\n'),
    formatScores(evaluation),
    formatErrors(evaluation.errors),
    formatSeen(evaluation.seen),
  ].join('\n\n')
}
