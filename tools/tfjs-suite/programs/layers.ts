import * as tf from '@tensorflow/tfjs-core'
import * as layers from '@tensorflow/tfjs-layers'

type Layer = layers.layers.Layer
type Activation = NonNullable<Parameters<typeof layers.layers.activation>[0]['activation']>

const L = layers.layers
const SAMPLES = 4

const activations = [
  ...['elu', 'hardSigmoid', 'linear', 'relu', 'relu6', 'selu', 'sigmoid', 'softmax', 'softplus', 'softsign'],
  ...['tanh', 'swish', 'mish', 'gelu', 'gelu_new'],
] as Activation[]

/** Trains a model of one layer (and what it takes to come to a loss) by `fit`, then evaluates and uses it. */
async function train(
  layer: Layer,
  inputShape: number[],
  draw: (shape: number[]) => tf.Tensor = tf.randomNormal,
) {
  const model = layers.sequential()
  model.add(L.inputLayer({ inputShape }))
  // So that the layer has to hand a gradient back.
  if (layer.getClassName() !== 'Embedding') model.add(L.dense({ units: inputShape.at(-1)! }))
  model.add(layer)
  if (model.outputs[0]!.rank > 2) model.add(L.flatten())
  model.add(L.dense({ units: 2 }))
  model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' })
  const [x, y] = [draw([SAMPLES, ...inputShape]), tf.randomNormal([SAMPLES, 2])]
  await model.fit(x, y, { epochs: 1, batchSize: 2, verbose: 0 })
  model.evaluate(x, y, { verbose: 0 })
  model.predict(x)
  model.dispose()
}

/** Trains a classifier with a loss of tfjs-layers and its accuracy. */
async function classify(loss: string, classes: number, labels: tf.Tensor): Promise<void> {
  const activation = classes > 1 ? 'softmax' : 'sigmoid'
  const model = layers.sequential({ layers: [L.dense({ units: classes, inputShape: [3], activation })] })
  model.compile({ optimizer: 'adam', loss, metrics: ['accuracy'] })
  await model.fit(tf.randomNormal([SAMPLES, 3]), labels, { epochs: 1, verbose: 0 })
  model.dispose()
}

const normalizations = (): Layer[] => [L.batchNormalization(), L.layerNormalization()]

const sequences = (): Layer[] => [
  ...(['valid', 'same'] as const).map(padding => L.conv1d({ filters: 2, kernelSize: 3, padding })),
  L.conv1d({ filters: 2, kernelSize: 3, activation: 'relu' }),
  ...[L.maxPooling1d({ poolSize: 2 }), L.averagePooling1d({ poolSize: 2 })],
  ...[L.globalMaxPooling1d(), L.globalAveragePooling1d({})],
  ...normalizations(),
]

const pictures = (): Layer[] => [
  L.conv2d({ filters: 2, kernelSize: 3, padding: 'same', activation: 'relu' }),
  L.conv2d({ filters: 2, kernelSize: 3, strides: 2, useBias: false }),
  L.conv2d({ filters: 2, kernelSize: 1, activation: 'elu' }),
  L.depthwiseConv2d({ kernelSize: 3, padding: 'same', activation: 'relu6' }),
  L.depthwiseConv2d({ kernelSize: 3, strides: 2, depthMultiplier: 2, useBias: false }),
  ...[L.maxPooling2d({ poolSize: 2 }), L.maxPooling2d({ poolSize: 3, strides: 2, padding: 'same' })],
  ...[L.averagePooling2d({ poolSize: 2 }), L.averagePooling2d({ poolSize: 3, strides: 2, padding: 'same' })],
  ...[L.globalMaxPooling2d({}), L.globalAveragePooling2d({})],
  ...normalizations(),
]

const vectors = (): Layer[] => [
  ...activations.map(activation => L.dense({ units: 3, activation })),
  ...activations.map(activation => L.activation({ activation })),
  L.dense({ units: 3, useBias: false, kernelRegularizer: 'l1l2' }),
  ...[L.reLU({}), L.reLU({ maxValue: 6 }), L.leakyReLU(), L.prelu(), L.elu(), L.thresholdedReLU()],
  ...[L.softmax(), L.dropout({ rate: 0.5 })],
  ...normalizations(),
]

/** The common layers of tfjs-layers, each trained for a step by `model.fit`. */
export async function run(): Promise<void> {
  for (const layer of vectors()) await train(layer, [3])
  for (const layer of sequences()) await train(layer, [8, 3])
  for (const layer of pictures()) await train(layer, [8, 8, 3])
  const ids = (shape: number[]): tf.Tensor => {
    const length = shape.reduce((product, one) => product * one)
    return tf.tensor(
      Float32Array.from({ length }, (_, i) => i % 5),
      shape,
    )
  }
  for (const maskZero of [false, true])
    await train(L.embedding({ inputDim: 5, outputDim: 3, maskZero }), [3], ids)
  const oneHot = [1, 0, 0, 0, 1, 0, 0, 0, 1, 1, 0, 0]
  await classify('categoricalCrossentropy', 3, tf.tensor2d(oneHot, [SAMPLES, 3]))
  await classify('sparseCategoricalCrossentropy', 3, tf.tensor1d([0, 1, 2, 0]))
  await classify('binaryCrossentropy', 1, tf.tensor2d([0, 1, 1, 0], [SAMPLES, 1]))
}
