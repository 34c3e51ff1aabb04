import { existsSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type EntityScores, markdownTable, percent } from '@mafjs/evaluate'
import type { ModelRecord } from './measure'
import type { Options } from './options'
import { isRight, type NamedEntity, type SentenceAnswer } from './sentences'
import { meanF1, type SetScores } from './set-scores'
import { SOURCES, TYPES } from './sources'

/** Scores of another program on the same tests, by set. */
export type OpponentScores = Readonly<Record<string, Pick<SetScores, 'strict' | 'lenient'>>>

/** What the card is made of. */
export interface CardInputs {
  record: ModelRecord
  /** By their names, as far as they were measured. */
  opponents: Readonly<Record<string, OpponentScores>>
}

const titleOf = (set: string): string => SOURCES.find(({ name }) => name === set)?.title ?? set

const f1 = (scores: Pick<EntityScores, 'micro'>): string => percent(scores.micro.f1).trim()

function setTable(scores: readonly SetScores[]): string {
  const columns = ['test split of', 'posts', 'entities', 'strict F1', 'lenient F1', 'P', 'R', ...TYPES]
  const rows = scores.map(({ set, posts, strict, lenient }) => [
    ...[titleOf(set), String(posts), String(strict.micro.support), f1(strict), f1(lenient)],
    ...[strict.micro.precision, strict.micro.recall].map(value => percent(value).trim()),
    ...TYPES.map(type => (strict.perType[type]?.support ? percent(strict.perType[type].f1).trim() : '')),
  ])
  return markdownTable(columns, rows)
}

function opponentTable({ record, opponents }: CardInputs): string {
  const names = Object.keys(opponents)
  const rows = record.int8.map(({ set, strict, lenient }, at) => [
    ...[titleOf(set), f1(strict), f1(record.float[at]!.strict)],
    ...names.map(name => {
      const scores = opponents[name]![set]
      return scores ? f1(scores.strict) : ''
    }),
    f1(lenient),
  ])
  const columns = [
    'strict F1 on the test split of',
    'this model, int8',
    'the same, float32',
    ...names,
    'lenient, int8',
  ]
  return markdownTable(columns, rows)
}

const shown = (entities: readonly NamedEntity[]): string =>
  entities.map(({ type, text }) => `${text} (${type})`).join(', ') || 'nothing'

const inTable = (text: string): string => text.replaceAll('|', '\\|')

function phenomenaTable(answers: readonly SentenceAnswer[]): string {
  const names = [...new Set(answers.map(({ phenomenon }) => phenomenon))]
  const rows = names.map(name => {
    const own = answers.filter(({ phenomenon }) => phenomenon === name)
    return [name, `${own.filter(isRight).length} of ${own.length}`]
  })
  return markdownTable(['sentences that we wrote', 'all of it right'], rows)
}

function failureTable(answers: readonly SentenceAnswer[]): string {
  const rows = answers
    .filter(answer => !isRight(answer))
    .map(({ text, gold, found }) => [text, shown(gold), shown(found)].map(inTable))
  return markdownTable(['sentence', 'should be', 'found'], rows, [0, 1, 2])
}

const points = (share: number): string => (100 * share).toFixed(2)

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`

const handleLine = ({ training, heldOut, invented }: ModelRecord['handles']): string =>
  [
    `${percent(training.person).trim()} of ${training.handles} that it was trained on`,
    `${percent(heldOut.person).trim()} of ${heldOut.handles} of the validation split that it was not`,
    `${percent(invented.person).trim()} of ${invented.handles} invented ones of the shapes of the first`,
  ].join(', ')

/** The card of the model. */
export function formatCard(inputs: CardInputs): string {
  const { record } = inputs
  const { calibration, cost, speed, machine, sentences } = record
  const lost = 100 * (meanF1(record.float) - meanF1(record.int8))
  const right = sentences.filter(isRight).length
  const bins = calibration.bins.map(({ count, said, isTrue }) => [
    ...[String(count), percent(said).trim(), percent(isTrue).trim()],
  ])
  return `${[
    `# @mafjs/model-posts-en

Persons, places, organisations and other names (PER, LOC, ORG, MISC) in English posts, found by a model of
${megabytes(record.model.bytes)} that runs on any processor with Node. It is all-MiniLM-L6-v2 with a CRF over words, trained with
[MAF.js](../../README.md) on four open data sets; this card is written by the run that measured it.

\`\`\`sh
npm install @mafjs/cli @mafjs/model-posts-en # needs the network
npx ner-maf predict --text "Maria met @NASA engineers in Houston to talk about Starliner"
\`\`\`

\`\`\`ts
import { loadMaf } from '@mafjs/ner-maf'

const maf = await loadMaf('@mafjs/model-posts-en')
const { entities } = await maf.annotate({ text: 'Maria met @NASA engineers in Houston to talk about Starliner' })
console.log(entities) // [{ type, text, start, end, score }]
await maf.dispose()
\`\`\``,
    `## How good it is

Scores in percent on test splits that took no part in training, each on the types that its annotators labelled. Strict: only \`B-\` opens
an entity; lenient: an \`I-\` that continues none opens one too. Handles that annotators left out on principle are not scored.`,
    setTable(record.int8),
    `Beside others, on the same posts and words:`,
    opponentTable(inputs),
    `int8 costs ${lost.toFixed(2)} points of the mean of the sets' strict F1, and ${points(-cost.difference)} over all these posts together (95 %
interval ${points(-cost.interval[1])} to ${points(-cost.interval[0])}, p ${cost.randomization.toFixed(2)} by randomisation). Where a handle that was left out counts as no entity, as the sets were
published, strict F1 is ${record.handlesAsO.map(({ set, strict }) => `${f1(strict)} (${titleOf(set)})`).join(', ')}.`,
    `On data that it never saw, as it is, words and labels as published:`,
    setTable(record.zeroShot),
    `## What its scores are worth

Of ${calibration.entities} entities found in the test splits; expected calibration error ${percent(calibration.error).trim()}.`,
    markdownTable(['entities', 'mean score', 'right'], bins, []),
    `## Where it fails

${right} of ${sentences.length} sentences of our own are right in all:`,
    phenomenaTable(sentences),
    failureTable(sentences),
    `## Names by heart

Mean score that a handle is a person, the same for all three in sentences that tell nothing of them: ${handleLine(record.handles)}.`,
    `## Size and speed

${megabytes(record.model.bytes)} (float32: ${megabytes(record.model.floatBytes)}). One thread of ${machine.processor}, on a shared machine:
${speed.int8.postsPerSecond.toFixed(0)} posts a second of ${(1000 * speed.int8.processor).toFixed(1)} ms of processor time each, ${speed.int8.single.toFixed(1)} ms for one alone; float32
${speed.float.postsPerSecond.toFixed(0)} posts a second, ${(1000 * speed.float.processor).toFixed(1)} ms, ${speed.float.single.toFixed(1)} ms.`,
    `## What it was made of

| | licence | by |
|---|---|---|
| all-MiniLM-L6-v2, the text encoder | Apache-2.0 | sentence-transformers |
${SOURCES.map(({ title, licence, attribution }) => `| ${title} | ${licence} | ${attribution} |`).join('\n')}

The weights are under Apache-2.0. No sentence of the data is in this package. The tweets hold names of real users; \`NOTICE\` repeats
the attributions. Text is lower-cased by the tokenizer${record.chosen.shapes ? '; capitals, digits, handles, tags and addresses are told to the model as word shapes' : ''}.
\`npm run model\` in the repository of MAF.js makes it anew from the data, to the same bytes of the trained weights on the same kind of
machine, measures it, and writes this card.`,
  ].join('\n\n')}\n`
}

/** What other programs scored on the same tests, as far as it was measured. */
export async function readOpponents(results: string): Promise<CardInputs['opponents']> {
  const opponents: Record<string, OpponentScores> = {}
  for (const [name, title] of [
    ['opponent', 'PyTorch + transformers'],
    ['spacy', 'spaCy, small'],
  ] as const) {
    const file = join(results, `posts-en-${name}.json`)
    if (existsSync(file)) opponents[title] = JSON.parse(await readFile(file, 'utf8')).test
  }
  return opponents
}

/** Writes the card of what was measured into the package. */
export async function writeCard({ results, package: place }: Options): Promise<void> {
  const record: ModelRecord = JSON.parse(await readFile(join(results, 'posts-en-model.json'), 'utf8'))
  await writeFile(join(place, 'README.md'), formatCard({ record, opponents: await readOpponents(results) }))
}
