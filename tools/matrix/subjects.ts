import { createAlignment } from '@mafjs/align'
import type { HostArray } from '@mafjs/compile'
import { createCrf } from '@mafjs/crf'
import { createImageEncoder, createTextEncoder } from '@mafjs/encoders'
import { createGatedFusion } from '@mafjs/fuse'
import { createCrossAttention } from '@mafjs/interact'
import { createMatching, exchangedRows } from '@mafjs/match'
import { buildMaf, defaultConfig } from '@mafjs/ner-maf'
import { type Module, normal } from '@mafjs/tensor'
import * as tf from '@tensorflow/tfjs-core'

/** Arrays by name. */
export interface Inputs {
  [name: string]: HostArray | HostArray<Int32Array> | Inputs
}

/** A module with inputs and a loss, small enough for every backend. */
export interface Subject {
  name: string
  create(): Module<never, object>
  inputs: Inputs
  /** Names of the outputs that are compared. */
  outputs: readonly string[]
  loss(outputs: never): tf.Scalar
}

const [BATCH, TOKENS, REGIONS, HIDDEN, CHANNELS, LABELS, PICTURE, VOCABULARY] = [4, 5, 4, 8, 6, 5, 16, 13]

const size = (shape: readonly number[]): number => shape.reduce((product, axis) => product * axis, 1)
const floats = (site: string, ...shape: number[]): HostArray<Float32Array> => ({
  data: normal(size(shape), { seed: 1, site }),
  shape,
})
const given = (rows: readonly (readonly number[])[]): HostArray<Float32Array> => ({
  data: Float32Array.from(rows.flat()),
  shape: [rows.length, rows[0]!.length],
})
const column = (...values: number[]): HostArray<Float32Array> => ({
  data: Float32Array.from(values),
  shape: [values.length],
})
const indices = (shape: readonly number[], below: number): HostArray<Int32Array> => ({
  data: Int32Array.from({ length: size(shape) }, (_, i) => (i * 7 + 3) % below),
  shape: [...shape],
})
const upTo = (lengths: readonly number[], most: number): HostArray<Float32Array> =>
  given(lengths.map(length => Array.from({ length: most }, (_, i) => Number(i < length))))

const LENGTHS = [5, 3, 1, 4]
const textMask = upTo(LENGTHS, TOKENS)
const text = {
  states: floats('text', BATCH, TOKENS, HIDDEN),
  summary: floats('text summary', BATCH, HIDDEN),
  mask: textMask,
}
// The third post has no picture.
const image = {
  states: floats('image', BATCH, REGIONS, CHANNELS),
  summary: floats('image summary', BATCH, CHANNELS),
  mask: upTo([REGIONS, REGIONS, 0, REGIONS], REGIONS),
}
const present = column(1, 1, 0, 1)
const exchanges = {
  partners: { data: Int32Array.of(1, 0, 2, 3), shape: [BATCH] },
  labels: column(0, 0, 1, 1),
}
const again = Object.fromEntries(
  Object.entries(exchangedRows(exchanges.partners.data)).map(([name, data]) => [
    name,
    { data, shape: [data.length] },
  ]),
)
const pixels = { pixels: floats('pixels', BATCH, PICTURE, PICTURE, 3), present }
const tokens = { ids: indices([BATCH, TOKENS], VOCABULARY), mask: textMask }
const labels = indices([BATCH, TOKENS], LABELS)
const imageStates = floats('image states', BATCH, TOKENS, HIDDEN)

const meanSquare = ({ states }: { states: tf.Tensor }): tf.Scalar =>
  tf.mean(tf.square(tf.sub(states, 1))) as tf.Scalar

const subject = <Outputs extends object>(
  name: string,
  about: {
    create(): object
    inputs: Inputs
    outputs: readonly (keyof Outputs & string)[]
    loss(outputs: Outputs): tf.Scalar
  },
): Subject => ({ name, ...about }) as unknown as Subject

const textEncoder = {
  kind: 'bert',
  ...{ vocabSize: VOCABULARY, hidden: HIDDEN, layers: 1, heads: 2, intermediate: 12, seed: 3 },
  ...{ maxPositions: TOKENS, hiddenDropout: 0, attentionDropout: 0 },
} as const
const patches = {
  kind: 'patches',
  ...{ imageSize: PICTURE, patchSize: 8, channels: CHANNELS, hidden: CHANNELS },
} as const

/** Every module, the encoders, and the whole model. */
export const SUBJECTS: readonly Subject[] = [
  subject<{ loss: tf.Scalar; text: tf.Tensor; image: tf.Tensor }>('align', {
    create: () => createAlignment({ textSize: HIDDEN, imageSize: CHANNELS, hidden: 7, seed: 3 }),
    inputs: { text, image },
    outputs: ['text', 'image', 'loss'],
    loss: ({ loss }) => loss,
  }),
  subject<{ states: tf.Tensor; regions: tf.Tensor }>('interact', {
    create: () =>
      createCrossAttention({
        ...{ hidden: HIDDEN, imageSize: CHANNELS, heads: 2, intermediate: 12, seed: 3 },
        ...{ hiddenDropout: 0, attentionDropout: 0 },
      }),
    inputs: { text, image },
    outputs: ['states', 'regions'],
    loss: meanSquare,
  }),
  subject<{ probability: tf.Tensor; states: tf.Tensor; loss: tf.Scalar }>('match', {
    create: () => createMatching({ hidden: HIDDEN, seed: 3 }),
    inputs: { text, states: imageStates, present, ...exchanges },
    outputs: ['probability', 'states', 'loss'],
    loss: ({ loss, states }) => tf.add(loss, meanSquare({ states })),
  }),
  subject<{ states: tf.Tensor; gate: tf.Tensor }>('fuse', {
    create: () => createGatedFusion({ hidden: HIDDEN, seed: 3 }),
    inputs: { text, states: imageStates },
    outputs: ['states', 'gate'],
    loss: meanSquare,
  }),
  subject<{ loss: tf.Scalar; logLikelihood: tf.Tensor }>('crf', {
    create: () => createCrf({ labels: LABELS, constraints: 'none', seed: 3 }),
    inputs: { emissions: floats('emissions', BATCH, TOKENS, LABELS), labels, mask: textMask },
    outputs: ['logLikelihood', 'loss'],
    loss: ({ loss }) => loss,
  }),
  subject<{ states: tf.Tensor; summary: tf.Tensor }>('text encoder (BERT)', {
    create: () => createTextEncoder(textEncoder),
    inputs: tokens,
    outputs: ['states', 'summary'],
    loss: meanSquare,
  }),
  subject<{ states: tf.Tensor; summary: tf.Tensor }>('image encoder (ResNet)', {
    create: () =>
      createImageEncoder({
        ...{ kind: 'resnet', block: 'basic', layers: [1, 1, 1, 1], width: 4, trainable: true, seed: 3 },
      }),
    inputs: pixels,
    outputs: ['states', 'summary'],
    loss: meanSquare,
  }),
  subject<{ emissions: tf.Tensor; losses: { total: tf.Scalar } }>('MAF', {
    create: () =>
      buildMaf(
        defaultConfig({
          ...{ types: ['PER', 'LOC'], textEncoder, imageEncoder: patches, imageSize: CHANNELS },
          ...{ seed: 3, dropout: 0 },
        }),
      ),
    inputs: {
      text: tokens,
      image: pixels,
      firstPieces: {
        data: Float32Array.from({ length: BATCH * TOKENS * TOKENS }, (_, i) =>
          Number(Math.floor(i / TOKENS) % TOKENS === i % TOKENS),
        ),
        shape: [BATCH, TOKENS, TOKENS],
      },
      wordMask: textMask,
      labels,
      exchanges: { ...exchanges, again },
    },
    outputs: ['emissions'],
    loss: ({ losses }) => losses.total,
  }),
]
