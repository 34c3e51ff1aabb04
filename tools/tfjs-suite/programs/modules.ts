import { createAlignment } from '@mafjs/align'
import { createCrf, crfLogLikelihood, reduceLogLikelihood, viterbi } from '@mafjs/crf'
import { createPatchEncoder, createResNetEncoder, createTextEncoder } from '@mafjs/encoders'
import { createGatedFusion } from '@mafjs/fuse'
import { createCrossAttention } from '@mafjs/interact'
import { createMatching } from '@mafjs/match'
import { type Encoding, type Module, maskFromLengths, presence } from '@mafjs/tensor'
import * as tf from '@tensorflow/tfjs-core'

const HIDDEN = 4
const LENGTHS = [3, 2, 1]

const states = (channels = HIDDEN): tf.Tensor3D => tf.randomNormal([LENGTHS.length, 3, channels])

const encoding = (channels = HIDDEN): Encoding => ({
  states: states(channels),
  summary: tf.randomNormal([LENGTHS.length, channels]),
  mask: maskFromLengths(LENGTHS),
})

const pixels = (side: number) => ({
  pixels: tf.randomNormal([LENGTHS.length, side, side, 3]) as tf.Tensor4D,
  present: tf.tensor1d([1, 0, 1]),
})

/** One step: the sum of all that a module gives, and its gradient for every parameter. */
function train<Inputs extends object, Outputs extends object>(
  module: Module<Inputs, Outputs, object>,
  inputs: Inputs,
): void {
  const variables = Object.values(module.parameters()).filter(({ trainable }) => trainable)
  const loss = (): tf.Scalar => {
    const outputs = Object.values(module.apply(inputs, { training: true, seed: 1 }))
    const floats = outputs.filter(
      (one): one is tf.Tensor => one instanceof tf.Tensor && one.dtype === 'float32',
    )
    return floats.map(one => tf.sum(one)).reduce((sum, one) => tf.add(sum, one)) as tf.Scalar
  }
  if (variables.length > 0) tf.variableGrads(loss, variables)
  module.apply(inputs)
}

async function crf(): Promise<void> {
  const module = createCrf({ labels: ['O', 'B-PER', 'I-PER'], constraints: 'bio' })
  const inputs = { emissions: states(3), mask: maskFromLengths(LENGTHS) }
  const labels = tf.tensor2d([0, 1, 2, 0, 1, 0, 1, 0, 0], [3, 3], 'int32')
  train(module, { ...inputs, labels })
  const [start, end, transitions] = Object.values(module.parameters()) as unknown as [
    tf.Tensor1D,
    tf.Tensor1D,
    tf.Tensor2D,
  ]
  for (const reduction of ['none', 'mean', 'sum', 'token_mean'] as const) {
    tf.grad((emissions: tf.Tensor) => {
      const all = { ...inputs, emissions: emissions as tf.Tensor3D, labels, start, end, transitions }
      return reduceLogLikelihood(crfLogLikelihood(all), inputs.mask, reduction)
    })(inputs.emissions)
  }
  await module.marginals(inputs)
  viterbi(await module.lattice(inputs))
}

/** Every module and encoder by itself, in each of its variants. */
export async function run(): Promise<void> {
  for (const summary of ['cls', 'pooler'] as const) {
    train(createTextEncoder({ kind: 'bert', vocabSize: 9, hidden: HIDDEN, layers: 1, heads: 2, summary }), {
      ids: tf.tensor2d([1, 2, 3, 4, 5, 0, 6, 0, 0], [3, 3], 'int32'),
      mask: maskFromLengths(LENGTHS),
    })
  }
  for (const block of ['basic', 'bottleneck'] as const) {
    for (const trainable of [true, false]) {
      const encoder = createResNetEncoder({
        kind: 'resnet',
        block,
        layers: [1, 1, 1, 1],
        width: 2,
        trainable,
      })
      train(encoder, pixels(33))
    }
  }
  for (const patchNorm of [true, false]) {
    train(
      createPatchEncoder({ kind: 'patches', imageSize: 4, patchSize: 2, channels: HIDDEN, patchNorm }),
      pixels(4),
    )
  }
  const [text, image] = [encoding(), encoding(6)]
  train(createAlignment({ textSize: HIDDEN, imageSize: 6, hidden: HIDDEN }), { text, image })
  for (const residual of ['query', 'none'] as const) {
    train(createCrossAttention({ hidden: HIDDEN, imageSize: 6, heads: 2, residual }), { text, image })
  }
  train(createMatching({ hidden: HIDDEN }), {
    text,
    states: states(),
    present: presence(image.mask),
    ids: ['a', 'b', 'c'],
  })
  train(createGatedFusion({ hidden: HIDDEN }), { text, states: states() })
  await crf()
}
