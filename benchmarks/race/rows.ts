import type { Sizes } from '../prepare/sizes'
import type { WorkSpec } from '../protocol'

/** Works whose PyTorch settings are looked for together. */
export type Group = 'training' | 'one post' | 'many posts' | 'losses' | 'convolutions'

/** One line of the table. */
export interface Row {
  name: string
  title: string
  group: Group
  ours: WorkSpec
  theirs: WorkSpec
  /** The works whose outputs and gradients must agree first, where the two sides of the row do not do the same. */
  judged: { ours: WorkSpec; theirs: WorkSpec }
  /** Highest ratio to PyTorch 1.13 in fp32. */
  bar?: number
  /** Whether it is raced only where it is asked for. @default false */
  isExtra?: boolean
  /** Batches that make one measurement. @default 1 */
  batches?: number
}

/** A row in which both sides do the same where nothing else is said, and are judged by that. */
const row = (given: Pick<Row, 'name' | 'title' | 'group' | 'ours'> & Partial<Row>): Row => {
  const { ours, theirs = ours, judged = { ours, theirs } } = given
  return { ...given, theirs, judged }
}

/** The race: every row, in the order of the table. */
export function raceRows({ cnn, contrastive, crf, ...sizes }: Sizes): Row[] {
  const { batch, tokens, ownTokens, manyPosts, realBatches } = sizes
  const train: WorkSpec = { kind: 'train', inputs: 'train' }
  const one: WorkSpec = { kind: 'infer', inputs: 'infer-1' }
  const many: WorkSpec = { kind: 'infer', inputs: 'infer-many' }
  const own: WorkSpec = { kind: 'infer', inputs: 'infer-own', model: 'default' }
  const align: WorkSpec = {
    kind: 'contrastive',
    inputs: 'contrastive',
    temperature: 0.179,
    textToImageWeight: 0.7,
  }
  const judgedBy = (work: WorkSpec) => ({ ours: work, theirs: work })
  const int8 = (work: WorkSpec): WorkSpec => ({ ...work, precision: 'int8' })
  const pairs = `contrastive loss + gradient, ${contrastive.pairs} pairs, d = ${contrastive.hidden}`
  return [
    row({
      name: 'train-step',
      title: `training step, B = ${batch}, N = ${tokens}, frozen ResNet run each step`,
      group: 'training',
      ours: train,
      bar: 0.95,
    }),
    row({
      name: 'train-real',
      title: `training step, B = ${batch}, real Twitter-2015 lengths, features in memory; PyTorch: N = ${tokens}, ResNet each step`,
      group: 'training',
      ours: { kind: 'train', inputs: 'real', model: 'default' },
      theirs: { kind: 'train', inputs: 'real-published', variant: 'loop' },
      judged: judgedBy(train),
      bar: 0.4,
      batches: realBatches,
    }),
    row({
      name: 'infer-1',
      title: `inference, B = 1, N = ${tokens}, fp32`,
      group: 'one post',
      ours: one,
      bar: 0.7,
    }),
    row({
      name: 'infer-1-int8',
      title: `inference, B = 1, N = ${tokens}, int8`,
      group: 'one post',
      ours: int8(one),
      theirs: one,
      bar: 0.22,
    }),
    row({
      name: 'infer-own',
      title: `inference, B = 1, N = ${ownTokens}, fp32; PyTorch: N = ${tokens}`,
      group: 'one post',
      ours: own,
      theirs: one,
      judged: judgedBy(one),
      bar: 0.5,
    }),
    row({
      name: 'infer-own-int8',
      title: `inference, B = 1, N = ${ownTokens}, int8; PyTorch: N = ${tokens}`,
      group: 'one post',
      ours: int8(own),
      theirs: one,
      judged: { ours: int8(one), theirs: one },
      bar: 0.16,
    }),
    row({
      name: 'infer-own-both',
      title: `inference, B = 1, N = ${ownTokens}, fp32; PyTorch at the same length`,
      group: 'one post',
      ours: own,
      theirs: { kind: 'infer', inputs: 'infer-own' },
      judged: judgedBy(one),
    }),
    row({
      name: 'infer-many',
      title: `inference, B = ${manyPosts}, N = ${tokens}, fp32`,
      group: 'many posts',
      ours: many,
      bar: 0.65,
    }),
    row({
      name: 'infer-many-int8',
      title: `inference, B = ${manyPosts}, N = ${tokens}, int8`,
      group: 'many posts',
      ours: int8(many),
      theirs: many,
      bar: 0.17,
    }),
    row({
      name: 'contrastive-loop',
      title: `${pairs}; PyTorch: the published loop`,
      group: 'losses',
      ours: { ...align, variant: 'loop' },
      bar: 0.05,
    }),
    row({
      name: 'contrastive-vectorised',
      title: `${pairs}; PyTorch: vectorised`,
      group: 'losses',
      ours: { ...align, variant: 'vectorised' },
      bar: 1,
    }),
    row({
      name: 'crf',
      title: `CRF log likelihood + gradient, ${crf.sentences} sentences, N = ${crf.positions}, K = 13; PyTorch: the published loop`,
      group: 'losses',
      ours: { kind: 'crf', inputs: 'crf' },
      bar: 0.7,
    }),
    ...cnn.flatMap(network =>
      (['forward', 'gradients', 'step'] as const).map(part => {
        const work: WorkSpec = { kind: 'cnn', inputs: `cnn-${network}`, network, part }
        const title = `convolutional network "${network}", all of it trained: ${part}`
        const judged = judgedBy({ ...work, part: 'gradients' })
        const name = `cnn-${network}-${part}`
        return row({ name, title, group: 'convolutions', ours: work, judged, isExtra: true })
      }),
    ),
  ]
}
