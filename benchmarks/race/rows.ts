import { processorFlags } from '../machine'
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
  /** Highest ratio to an opponent in fp32, by the beginning of its name. */
  bars?: Readonly<Record<string, number>>
  /** Rows that are raced only where they are asked for, by their own name or this one. @default it is raced always */
  extra?: string
  /** Beginning of the names of the opponents it is raced against. @default PyTorch */
  against?: string
  /** Batches that make one measurement. @default 1 */
  batches?: number
}

/** A row in which both sides do the same where nothing else is said, and are judged by that. */
const row = (given: Pick<Row, 'name' | 'title' | 'group' | 'ours'> & Partial<Row>): Row => {
  const { ours, theirs = ours, judged = { ours, theirs } } = given
  return { ...given, theirs, judged }
}

/** Steps of an epoch whose mean is one measurement. */
const EPOCH_STEPS = 4

/** Epochs of Twitter-2017 by some of their steps. */
function epochRows(tokens: number, trained: Row['judged']): Row[] {
  const epoch = (cache: 'warm' | 'cold', bar: number): Row => ({
    name: `epoch-${cache}`,
    title: `step of an epoch of Twitter-2017, features from a ${cache} cache; PyTorch: N = ${tokens}, ResNet each step`,
    group: 'training',
    ours: { kind: 'epoch', inputs: 'epoch', model: 'default', cache },
    theirs: { kind: 'epoch', inputs: 'epoch-published', variant: 'loop' },
    judged: trained,
    bars: { 'PyTorch 2': bar },
    ...{ extra: 'epoch', batches: EPOCH_STEPS },
  })
  const text: WorkSpec = { kind: 'epoch', inputs: 'epoch-text', model: 'text' }
  const tagged: WorkSpec = { kind: 'infer', inputs: 'tag-1', model: 'text' }
  return [
    // The cold one leaves its features for the warm one.
    epoch('cold', 0.5),
    epoch('warm', 0.3),
    row({
      name: 'epoch-text',
      title: "step of an epoch of Twitter-2017, text only; PyTorch: transformers' Trainer, the same batches",
      group: 'training',
      ours: text,
      judged: { ours: tagged, theirs: tagged },
      bars: { 'PyTorch 2': 0.95 },
      ...{ extra: 'epoch', batches: EPOCH_STEPS },
    }),
  ]
}

/** The instructions that multiply bytes. */
const isVnni = (flag: string): boolean => /^avx512_vnni$|^avx_vnni$/.test(flag)

/** Tagging of words by the text encoder alone, against transformers.js and transformers. */
function taggingRows(tokens: number, manyPosts: number): Row[] {
  const tagging = (count: number, name: string, work: Partial<WorkSpec> = {}): Row => {
    const spec: WorkSpec = { kind: 'infer', inputs: `tag-${count}`, model: 'text', ...work }
    const { precision = 'fp32', profile } = spec
    const toTorch = precision === 'fp32' ? 1 : processorFlags().some(isVnni) ? 0.3 : 0.65
    return row({
      name: `tag-${count}${name}`,
      title: `token classification, text alone, B = ${count}, N = ${tokens}, ${precision}${profile ? `, exported for ${profile}` : ''}`,
      group: count === 1 ? 'one post' : 'many posts',
      ours: spec,
      ...(count === 1 && { bars: { 'PyTorch 2': toTorch, 'transformers.js': 1 } }),
      ...{ extra: 'transformers.js', against: '' },
    })
  }
  return [
    ...[1, manyPosts].flatMap(count => [tagging(count, ''), tagging(count, '-int8', { precision: 'int8' })]),
    tagging(1, '-latency', { profile: 'latency' }),
  ]
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
      bars: { 'PyTorch 1.13': 0.95 },
    }),
    row({
      name: 'train-real',
      title: `training step, B = ${batch}, real Twitter-2015 lengths, features in memory; PyTorch: N = ${tokens}, ResNet each step`,
      group: 'training',
      ours: { kind: 'train', inputs: 'real', model: 'default' },
      theirs: { kind: 'train', inputs: 'real-published', variant: 'loop' },
      judged: judgedBy(train),
      bars: { 'PyTorch 1.13': 0.4 },
      batches: realBatches,
    }),
    row({
      name: 'infer-1',
      title: `inference, B = 1, N = ${tokens}, fp32`,
      group: 'one post',
      ours: one,
      bars: { 'PyTorch 1.13': 0.7 },
    }),
    row({
      name: 'infer-1-int8',
      title: `inference, B = 1, N = ${tokens}, int8`,
      group: 'one post',
      ours: int8(one),
      theirs: one,
      bars: { 'PyTorch 1.13': 0.22 },
    }),
    row({
      name: 'infer-own',
      title: `inference, B = 1, N = ${ownTokens}, fp32; PyTorch: N = ${tokens}`,
      group: 'one post',
      ours: own,
      theirs: one,
      judged: judgedBy(one),
      bars: { 'PyTorch 1.13': 0.5 },
    }),
    row({
      name: 'infer-own-int8',
      title: `inference, B = 1, N = ${ownTokens}, int8; PyTorch: N = ${tokens}`,
      group: 'one post',
      ours: int8(own),
      theirs: one,
      judged: { ours: int8(one), theirs: one },
      bars: { 'PyTorch 1.13': 0.16 },
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
      bars: { 'PyTorch 1.13': 0.65 },
    }),
    row({
      name: 'infer-many-int8',
      title: `inference, B = ${manyPosts}, N = ${tokens}, int8`,
      group: 'many posts',
      ours: int8(many),
      theirs: many,
      bars: { 'PyTorch 1.13': 0.17 },
    }),
    row({
      name: 'contrastive-loop',
      title: `${pairs}; PyTorch: the published loop`,
      group: 'losses',
      ours: { ...align, variant: 'loop' },
      bars: { 'PyTorch 1.13': 0.05 },
    }),
    row({
      name: 'contrastive-vectorised',
      title: `${pairs}; PyTorch: vectorised`,
      group: 'losses',
      ours: { ...align, variant: 'vectorised' },
      bars: { 'PyTorch 1.13': 1 },
    }),
    row({
      name: 'crf',
      title: `CRF log likelihood + gradient, ${crf.sentences} sentences, N = ${crf.positions}, K = 13; PyTorch: the published loop`,
      group: 'losses',
      ours: { kind: 'crf', inputs: 'crf' },
      bars: { 'PyTorch 1.13': 0.7 },
    }),
    ...epochRows(tokens, judgedBy(train)),
    ...taggingRows(ownTokens, manyPosts),
    ...cnn.flatMap(network =>
      (['forward', 'gradients', 'step'] as const).map(part => {
        const work: WorkSpec = { kind: 'cnn', inputs: `cnn-${network}`, network, part }
        const title = `convolutional network "${network}", all of it trained: ${part}`
        const judged = judgedBy({ ...work, part: 'gradients' })
        const name = `cnn-${network}-${part}`
        return row({ name, title, group: 'convolutions', ours: work, judged, extra: 'cnn' })
      }),
    ),
  ]
}
