import { createTextEncoder } from '@mafjs/encoders'
import { createGatedFusion } from '@mafjs/fuse'
import { createCrossAttention } from '@mafjs/interact'
import { permutation } from '@mafjs/tensor'
import { asLayer } from '@mafjs/tensor/layers'
import * as tf from '@tensorflow/tfjs-core'
import * as tfl from '@tensorflow/tfjs-layers'
import { batchQuestions, CHANNELS, COLOURS, type Question, REGIONS, TOKENS, WORDS } from './draw-questions'

type Symbol = tfl.SymbolicTensor
const apply = (layer: tfl.layers.Layer, given: Symbol | Symbol[]) => layer.apply(given) as Symbol

/** With them, words attend to regions and a gate lets in what they find; without, dense layers take summary and mean region. */
export function buildModel(withThem: boolean, hidden: number, seed: number): tfl.LayersModel {
  const ids = tfl.input({ shape: [TOKENS], dtype: 'int32', name: 'ids' })
  const mask = tfl.input({ shape: [TOKENS], name: 'ids_mask' })
  const regions = tfl.input({ shape: [REGIONS, CHANNELS], name: 'regions' })
  const regionMask = tfl.input({ shape: [REGIONS], name: 'regions_mask' })
  const sizes = { vocabSize: WORDS.length + 1, hidden, heads: 2, seed }
  const encoder = asLayer(createTextEncoder({ kind: 'bert', layers: 1, ...sizes }), {
    ...{ create: createTextEncoder, className: 'TextEncoder', name: 'text', seed },
    ...{ inputs: [{ path: 'ids', dtype: 'int32' }, 'mask'], outputs: ['states', 'summary'] },
  })
  const text = [...(encoder.apply([ids, mask]) as Symbol[]), mask]
  const TEXT = ['text.states', 'text.summary', 'text.mask']
  const dense = (units: number, activation: 'relu' | 'softmax') =>
    tfl.layers.dense({ units, activation, kernelInitializer: tfl.initializers.glorotUniform({ seed }) })

  const attended = (): Symbol => {
    const interact = asLayer(createCrossAttention({ hidden, imageSize: CHANNELS, heads: 2, seed }), {
      ...{ create: createCrossAttention, className: 'CrossAttention', name: 'interact', seed },
      ...{ inputs: [...TEXT, 'image.states', 'image.summary', 'image.mask'], outputs: 'states' },
    })
    const fuse = asLayer(createGatedFusion({ hidden, seed }), {
      ...{ create: createGatedFusion, className: 'GatedFusion', name: 'fuse', seed },
      ...{ inputs: [...TEXT, 'states'], outputs: 'states' },
    })
    const loudest = apply(tfl.layers.globalMaxPooling1d({}), regions)
    const fused = apply(fuse, [...text, apply(interact, [...text, regions, loudest, regionMask])])
    return apply(tfl.layers.globalAveragePooling1d({}), fused)
  }
  const joined = (): Symbol => {
    const wide = (given: Symbol) => apply(dense(4 * hidden, 'relu'), given)
    const mean = apply(tfl.layers.globalAveragePooling1d({}), wide(regions))
    return wide(wide(apply(tfl.layers.concatenate(), [text[1]!, mean])))
  }
  const answer = apply(dense(COLOURS.length, 'softmax'), withThem ? attended() : joined())
  return tfl.model({ inputs: [ids, mask, regions, regionMask], outputs: answer })
}

/** Trains a model by `model.fit`; it ends with the weights of the epoch that answers most validation questions rightly. */
export async function fitModel(model: tfl.LayersModel, train: Question[], valid: Question[], epochs: number) {
  model.compile({ optimizer: tf.train.adam(3e-3), loss: 'sparseCategoricalCrossentropy', metrics: ['acc'] })
  let best = { accuracy: -1, weights: [] as tf.Tensor[] }
  const validationData = batchQuestions(valid)
  const settings = { batchSize: 32, shuffle: false, verbose: 0, validationData } as const
  for (let step = 0; step < epochs; step++) {
    const order = permutation(train.length, { seed: 1, step, site: 'order' }) // fit would shuffle by Math.random
    const { history } = await model.fit(...batchQuestions(order.map(i => train[i]!)), settings)
    const [accuracy, weights] = [Number(history['val_acc']![0]), model.getWeights().map(one => tf.clone(one))]
    if (accuracy > best.accuracy) best = { accuracy, weights }
  }
  model.setWeights(best.weights)
}
