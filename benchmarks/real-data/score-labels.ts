import { readFile } from 'node:fs/promises'
import { dataFingerprint, goldLabels, type Split, writeEvaluation } from '@mafjs/data'
import { classifyErrors, evaluateLabels } from '@mafjs/evaluate'
import { type Evaluation, predictionOf, seenEntities } from '@mafjs/evaluate/evaluations'
import { version } from '@mafjs/ner-maf'
import { InvalidArgumentError } from '@mafjs/tensor'

/** Labels that another program gave to the words of posts. */
export interface ScoreLabelsOptions {
  /** One JSON list of labels a line, post by post. */
  labels: string
  split: Split
  train: Split
  /** Where the posts come from, for the report. */
  data: string
  /** The program that tagged, and its encoder, for the report. */
  model: string
  encoder: object
  seed: number
  /** Folder of the evaluation. */
  out: string
}

/**
 * Reads the labels that another program gave to the words of posts.
 *
 * @throws InvalidArgumentError for labels of other posts.
 */
export async function readLabels(file: string, { examples }: Split): Promise<string[][]> {
  const lines = (await readFile(file, 'utf8')).split('\n').filter(line => line !== '')
  const labels = lines.map(line => JSON.parse(line) as string[])
  const wrong = examples.findIndex(({ words }, post) => labels[post]?.length !== words.length)
  if (wrong < 0 && labels.length === examples.length) return labels
  throw new InvalidArgumentError({
    argument: file,
    rule: `must have a label for every word of ${examples.length} posts`,
    received: `${labels.length} posts${wrong < 0 ? '' : `, the first that differs is number ${wrong + 1}`}`,
    fix: 'Tag the same posts again.',
  })
}

const labelled = ({ examples }: Split) => examples.map(({ words, labels }) => ({ words, labels: labels! }))

/**
 * Scores labels with the scorer that scores ours, and writes what `ner-maf compare` reads.
 *
 * @throws InvalidArgumentError for labels of other posts.
 */
export async function scoreLabels(options: ScoreLabelsOptions): Promise<Evaluation> {
  const { labels, split, train, data, model, encoder, seed, out } = options
  const { examples } = split
  const predicted = await readLabels(labels, split)
  const gold = goldLabels(examples)
  const report = evaluateLabels({ gold, predicted })
  const evaluation: Evaluation = {
    kind: 'evaluation',
    context: {
      version,
      model,
      data,
      split: split.name,
      dataFingerprint: dataFingerprint(examples),
      sentences: examples.length,
      entities: { strict: report.strict.micro.support, lenient: report.lenient.micro.support },
      pictures: 0,
      pictureFingerprint: null,
      encoders: { text: encoder, image: null },
      modules: [],
      seed,
    },
    ...report,
    errors: classifyErrors({ gold, predicted }),
    seen: seenEntities({
      train: { fingerprint: dataFingerprint(train.examples), posts: labelled(train) },
      posts: labelled(split),
      predicted,
    }),
  }
  const predictions = examples.map(({ id, words }, post) =>
    predictionOf({ id, words, gold: gold[post]!, predicted: predicted[post]!, match: null }),
  )
  await writeEvaluation(out, { evaluation, predictions }, { overwrite: true })
  return evaluation
}
