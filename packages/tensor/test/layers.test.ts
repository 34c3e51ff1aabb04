import {
  type ApplyOptions,
  constant,
  createParameters,
  disposeParameters,
  dropout,
  type Encoding,
  linear,
  linearSpecs,
  type Module,
  maskFromLengths,
  normal,
  normalInitializer,
  valueAndGradients,
  withoutPadding,
} from '@mafjs/tensor'
import { registerGradients } from '@mafjs/tensor/gradients'
import { type AsLayerOptions, asLayer, registerLayer } from '@mafjs/tensor/layers'
import '@tensorflow/tfjs-backend-cpu'
import * as tf from '@tensorflow/tfjs-core'
import * as tfl from '@tensorflow/tfjs-layers'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'

await tf.setBackend('cpu')
registerGradients()

interface ToyConfig {
  hidden: number
  rate: number
  /** Text that tfjs-layers would rewrite. */
  labelNames: string[]
  seed: number
}
interface ToyInputs {
  text: Pick<Encoding, 'states' | 'mask'>
  ids: tf.Tensor2D
}
interface ToyOutputs extends Record<string, tf.Tensor> {
  states: tf.Tensor3D
  mean: tf.Tensor2D
  size: tf.Scalar
}

/** States and embedded ids through a linear layer with dropout, their mean, and a loss of its own. */
function createToy(config: ToyConfig): Module<ToyInputs, ToyOutputs, ToyConfig> {
  const { hidden, rate, seed } = config
  const parameters = createParameters(
    {
      ...linearSpecs('dense', hidden, hidden, normalInitializer(0.5)),
      table: { shape: [5, hidden], initializer: normalInitializer(0.5) },
      scale: { shape: [hidden], initializer: constant(2), trainable: false },
    },
    seed,
  )
  return {
    config,
    apply: ({ text, ids }, options) =>
      tf.tidy(() => {
        if (ids.dtype !== 'int32') throw new Error(`ids are ${ids.dtype}`)
        const embedded = tf.matMul(
          tf.reshape(tf.oneHot(tf.reshape(ids, [-1]), 5), [-1, 5]) as tf.Tensor2D,
          parameters.table,
        )
        const sum = tf.add(withoutPadding(text.states, text.mask), tf.reshape(embedded, text.states.shape))
        const states = tf.mul(
          linear(
            dropout(sum, rate, 'toy', options ?? {}),
            parameters['dense.weight'],
            parameters['dense.bias'],
          ),
          parameters.scale,
        ) as tf.Tensor3D
        const mean = tf.mean(withoutPadding(states, text.mask), 1) as tf.Tensor2D
        return { states, mean, size: tf.mean(tf.square(states)) as tf.Scalar }
      }),
    parameters: () => ({ ...parameters }),
    dispose: () => disposeParameters(parameters),
  }
}

const [BATCH, TOKENS, HIDDEN] = [3, 4, 2]
const CONFIG: ToyConfig = { hidden: HIDDEN, rate: 0.5, labelNames: ['B-PER', 'a_b'], seed: 3 }
const WIRING: AsLayerOptions<ToyConfig> = {
  create: createToy,
  className: 'Toy',
  inputs: ['text.states', 'text.mask', { path: 'ids', dtype: 'int32' }],
  outputs: 'mean',
  seed: 7,
}
const toy = (change: Partial<AsLayerOptions<ToyConfig>> = {}, config: Partial<ToyConfig> = {}) =>
  asLayer(createToy({ ...CONFIG, ...config }), { ...WIRING, ...change })

let inputs: [states: tf.Tensor3D, mask: tf.Tensor2D, ids: tf.Tensor2D]
let record: ToyInputs
beforeEach(() => {
  tf.engine().startScope()
  inputs = [
    tf.tensor3d(normal(BATCH * TOKENS * HIDDEN, { seed: 1, site: 'states' }), [BATCH, TOKENS, HIDDEN]),
    maskFromLengths([4, 2, 1], TOKENS),
    // Layers get float32, as model.fit often gives it.
    tf.tensor2d([0, 1, 2, 3, 4, 0, 0, 0, 1, 0, 0, 0], [BATCH, TOKENS], 'float32'),
  ]
  record = {
    text: { states: inputs[0], mask: inputs[1] },
    ids: tf.cast(inputs[2], 'int32'),
  }
})
afterEach(() => tf.engine().endScope())

/** A model of the toy and a linear layer, over any number of tokens. */
function modelOf(layer: tfl.layers.Layer): tfl.LayersModel {
  const symbols = [
    tfl.input({ shape: [null, HIDDEN], name: 'states' }),
    tfl.input({ shape: [null], name: 'mask' }),
    tfl.input({ shape: [null], name: 'ids' }),
  ]
  const mean = layer.apply(symbols) as tfl.SymbolicTensor
  const output = tfl.layers.dense({ units: 1, name: 'out' }).apply(mean) as tfl.SymbolicTensor
  return tfl.model({ inputs: symbols, outputs: output })
}
const bits = (tensor: tf.Tensor | tf.Tensor[]): number[] =>
  (Array.isArray(tensor) ? tensor : [tensor]).flatMap(one => [...one.dataSync()])
const parametersOf = (module: { parameters(): Record<string, tf.Tensor> }): Record<string, number[]> =>
  Object.fromEntries(Object.entries(module.parameters()).map(([name, value]) => [name, bits(value)]))

describe('a layer', () => {
  test('gives what the module gives, at rest and in training', () => {
    const layer = toy({ outputs: ['mean', 'states'] })
    const own = createToy(CONFIG)
    const both = ({ mean, states }: ToyOutputs) => [mean, states]
    expect(bits(layer.apply(inputs) as tf.Tensor[])).toEqual(bits(both(own.apply(record))))
    for (const step of [0, 1]) {
      const options: ApplyOptions = { training: true, seed: 7, step }
      expect(layer.step).toBe(step)
      const given = layer.apply(inputs, { training: true }) as tf.Tensor[]
      expect(bits(given)).toEqual(bits(both(own.apply(record, options))))
    }
  })

  test('has the gradients of the module', () => {
    const layer = toy()
    const own = createToy(CONFIG)
    const model = modelOf(layer)
    const [kernel, bias] = model.getLayer('out').getWeights() as [tf.Tensor2D, tf.Tensor1D]
    const loss = (mean: tf.Tensor2D) => tf.mean(tf.square(tf.add(tf.matMul(mean, kernel), bias))) as tf.Scalar
    const expected = valueAndGradients(() => loss(own.apply(record).mean), own.parameters())
    const given = valueAndGradients(
      () => tf.mean(tf.square(model.apply(inputs) as tf.Tensor)) as tf.Scalar,
      layer.module.parameters(),
    )
    expect(Object.keys(given.gradients).sort()).toEqual(['dense.bias', 'dense.weight', 'table'])
    for (const [name, gradient] of Object.entries(expected.gradients)) {
      expect(bits(given.gradients[name]!)).toEqual(bits(gradient))
    }
  })

  test('knows its shapes: sizes that are given, and those that are not', () => {
    const [states, mask, ids] = [
      [null, null, HIDDEN],
      [null, null],
      [null, null],
    ] as tfl.Shape[]
    const shapes = (outputs: string[], tokens: number | null) =>
      toy({ outputs }).computeOutputShape([
        [null, tokens, HIDDEN],
        [null, tokens],
        [null, tokens],
      ])
    expect(toy().computeOutputShape([states!, mask!, ids!])).toEqual([null, HIDDEN])
    expect(shapes(['states', 'size'], null)).toEqual([[null, null, HIDDEN], []])
    expect(shapes(['states'], 4)).toEqual([null, 4, HIDDEN])
  })

  test('leaves no tensor behind, and frees the parameters', () => {
    const layer = toy({ losses: { size: 1 } })
    const before = tf.memory().numTensors
    for (let i = 0; i < 2; i++) tf.dispose(layer.apply(inputs) as tf.Tensor)
    // The layer keeps its weighed losses until its next call.
    for (let i = 0; i < 3; i++) tf.dispose(layer.apply(inputs, { training: true }) as tf.Tensor)
    expect(tf.memory().numTensors).toBe(before + 1)
    layer.dispose()
    for (const variable of Object.values(layer.module.parameters())) expect(variable.isDisposed).toBe(true)
  })
})

describe('a model', () => {
  const target = () => tf.tensor2d([1, -1, 0.5], [BATCH, 1])

  test("is trained by fit: the module's parameters are its weights", async () => {
    const layer = toy({ name: 'toy' })
    const model = modelOf(layer)
    // tfjs-layers would draw it anew in every run.
    model.getLayer('out').setWeights([tf.tensor2d([1, -1], [HIDDEN, 1]), tf.zeros([1])])
    expect(model.weights.map(({ originalName }) => originalName).sort()).toEqual(
      ['out/bias', 'out/kernel', 'toy/dense.bias', 'toy/dense.weight', 'toy/scale', 'toy/table'].sort(),
    )
    expect(model.trainableWeights.map(({ originalName }) => originalName)).not.toContain('toy/scale')
    model.compile({ optimizer: tf.train.adam(0.05), loss: 'meanSquaredError' })
    const before = parametersOf(layer.module)
    const loss = () => bits(model.evaluate(inputs, target(), { batchSize: BATCH }) as tf.Scalar)[0]!
    const first = loss()
    await model.fit(inputs, target(), { epochs: 40, batchSize: 2, shuffle: false })
    expect(loss()).toBeLessThan(first / 2)
    const after = parametersOf(layer.module)
    for (const name of ['dense.weight', 'dense.bias', 'table']) expect(after[name]).not.toEqual(before[name])
    expect(after['scale']).toEqual(before['scale'])
    const byName = Object.fromEntries(model.weights.map(one => [one.originalName, bits(one.read())]))
    expect(byName['toy/dense.weight']).toEqual(after['dense.weight'])
  })

  test('draws by seed and step, also where a batch is the same tensors again', async () => {
    const trained = async (seed: number): Promise<number[]> => {
      const layer = toy({ seed })
      const model = modelOf(layer)
      model.getLayer('out').setWeights([tf.tensor2d([1, -1], [HIDDEN, 1]), tf.zeros([1])])
      model.compile({ optimizer: tf.train.sgd(0.1), loss: 'meanSquaredError' })
      const y = target()
      for (let i = 0; i < 3; i++) await model.trainOnBatch(inputs, y)
      expect(layer.step).toBe(3)
      return bits(layer.getWeights())
    }
    const once = await trained(1)
    expect(await trained(1)).toEqual(once)
    expect(await trained(2)).not.toEqual(once)
  })

  test('with several outputs of one layer has them of one draw', async () => {
    const layer = toy({ outputs: ['mean', 'states'] })
    const symbols = [[null, HIDDEN], [null], [null]].map(shape => tfl.input({ shape }))
    const [mean, states] = layer.apply(symbols) as tfl.SymbolicTensor[]
    const model = tfl.model({ inputs: symbols, outputs: [mean!, states!] })
    const seen: number[][] = []
    const loss = (_truth: tf.Tensor, given: tf.Tensor) => {
      seen.push(bits(given))
      return tf.mean(given)
    }
    model.compile({ optimizer: tf.train.sgd(0), loss: [loss, loss] })
    await model.trainOnBatch(inputs, [tf.zeros([BATCH, HIDDEN]), tf.zeros([BATCH, TOKENS, HIDDEN])])
    const own = createToy(CONFIG).apply(record, { training: true, seed: 7, step: 0 })
    expect(seen).toEqual([bits(own.mean), bits(own.states)])
    expect(layer.step).toBe(1)
  })

  test("adds the module's own losses to its loss", async () => {
    const trained = (losses: Record<string, number>) => {
      const layer = toy({ losses }, { rate: 0 })
      const model = modelOf(layer)
      model.getLayer('out').setWeights([tf.tensor2d([1, -1], [HIDDEN, 1]), tf.zeros([1])])
      model.compile({ optimizer: tf.train.sgd(0.1), loss: 'meanSquaredError' })
      return { layer, model }
    }
    const { layer, model } = trained({ size: 0.5 })
    await model.trainOnBatch(inputs, target())
    // The same step by hand.
    const own = createToy({ ...CONFIG, rate: 0 })
    const { gradients } = valueAndGradients(() => {
      const { mean, size } = own.apply(record, { training: true })
      const out = tf.matMul(mean, tf.tensor2d([1, -1], [HIDDEN, 1]))
      return tf.add(tf.mean(tf.squaredDifference(out, target())), tf.mul(size, 0.5)) as tf.Scalar
    }, own.parameters())
    for (const [name, gradient] of Object.entries(gradients)) {
      const stepped = bits(tf.sub(own.parameters()[name]!, tf.mul(gradient, 0.1)))
      for (const [i, value] of parametersOf(layer.module)[name]!.entries()) {
        expect(value).toBeCloseTo(stepped[i]!, 6)
      }
    }
    const without = trained({})
    await without.model.trainOnBatch(inputs, target())
    expect(parametersOf(without.layer.module)).not.toEqual(parametersOf(layer.module))
  })

  test('leaves a layer alone that is not to be trained', async () => {
    const layer = toy({ trainable: false })
    const model = modelOf(layer)
    expect(model.trainableWeights).toHaveLength(2)
    const before = parametersOf(layer.module)
    model.compile({ optimizer: tf.train.sgd(0.1), loss: 'meanSquaredError' })
    await model.trainOnBatch(inputs, target())
    expect(parametersOf(layer.module)).toEqual(before)
    layer.trainable = true
    expect(layer.trainableWeights).toHaveLength(3)
  })

  test('is saved and loaded with the same bits', async () => {
    const layer = toy({ losses: { size: 0.5 } })
    const model = modelOf(layer)
    model.compile({ optimizer: tf.train.adam(0.05), loss: 'meanSquaredError' })
    await model.fit(inputs, target(), { epochs: 2 })
    let saved: tf.io.ModelArtifacts | undefined
    await model.save(
      tf.io.withSaveHandler(async artifacts => {
        saved = JSON.parse(JSON.stringify({ ...artifacts, weightData: undefined }))
        saved!.weightData = artifacts.weightData!
        return { modelArtifactsInfo: tf.io.getModelArtifactsInfoForJSON(artifacts) }
      }),
    )
    expect(saved!.weightSpecs!.map(({ name }) => name)).toContain(`${layer.name}/dense.weight`)
    const loaded = await tfl.loadLayersModel(tf.io.fromMemory(saved!))
    expect(bits(loaded.predict(inputs) as tf.Tensor)).toEqual(bits(model.predict(inputs) as tf.Tensor))
    const copy = loaded.getLayer(layer.name) as typeof layer
    expect(copy.module.config).toEqual(CONFIG)
    expect(copy.getConfig()).toEqual(layer.getConfig())
    expect(parametersOf(copy.module)).toEqual(parametersOf(layer.module))
  })

  test('that names a kind of layer which nobody registered is refused by name', async () => {
    const config = modelOf(toy({ className: 'Registered' })).toJSON(null, false) as object
    const text = JSON.stringify(config)
    await expect(
      tfl.models.modelFromJSON(JSON.parse(text.replaceAll('Registered', 'Unregistered'))),
    ).rejects.toThrow(/Unknown layer: Unregistered/)
    registerLayer('Unregistered', createToy)
    const model = await tfl.models.modelFromJSON(JSON.parse(text.replaceAll('Registered', 'Unregistered')))
    expect(model.layers.map(one => one.getClassName())).toContain('Unregistered')
  })
})

describe('a mask that a layer before makes', () => {
  const masked = (change: Partial<AsLayerOptions<ToyConfig>>) => {
    const layer = toy({
      inputs: ['text.states', { path: 'ids', dtype: 'int32' }],
      mask: 'text.mask',
      ...change,
    })
    const symbols = [tfl.input({ shape: [null, HIDDEN] }), tfl.input({ shape: [null] })]
    const first = tfl.layers.masking({ maskValue: 0 }).apply(symbols[0]!) as tfl.SymbolicTensor
    return { layer, symbols, first }
  }
  const padded = () => withoutPadding(inputs[0], inputs[1])

  test('goes where the module takes it', () => {
    const { layer, symbols, first } = masked({})
    const output = layer.apply([first, symbols[1]!]) as tfl.SymbolicTensor
    const model = tfl.model({ inputs: symbols, outputs: output })
    const own = createToy(CONFIG).apply(record)
    expect(bits(model.predict([padded(), inputs[2]]) as tf.Tensor)).toEqual(bits(own.mean))
  })

  test('must be there, and must be its own', () => {
    const { layer, symbols, first } = masked({})
    const without = tfl.model({ inputs: symbols, outputs: layer.apply(symbols) as tfl.SymbolicTensor })
    expect(() => without.predict([padded(), inputs[2]])).toThrow(/must come with a mask, for text.mask/)
    // Another layer's mask, which tfjs-layers leaves in the arguments of the next ones.
    const other = tfl.layers.activation({ activation: 'linear' }).apply(first) as tfl.SymbolicTensor
    const plain = tfl.layers.dense({ units: HIDDEN }).apply(symbols[0]!) as tfl.SymbolicTensor
    const last = tfl.layers.activation({ activation: 'linear' }).apply(plain) as tfl.SymbolicTensor
    const stale = tfl.model({
      inputs: symbols,
      outputs: [other, layer.apply([last, symbols[1]!]) as tfl.SymbolicTensor],
    })
    expect(() => stale.predict([padded(), inputs[2]])).toThrow(/must come with a mask, for text.mask/)
  })

  test('is refused where nothing asks for it, and with another input than the first', () => {
    const { symbols, first } = masked({})
    const three = [...symbols, tfl.input({ shape: [null] })]
    const unasked = toy().apply([first, three[1]!, three[2]!]) as tfl.SymbolicTensor
    expect(() =>
      tfl.model({ inputs: three, outputs: unasked }).predict([padded(), inputs[1], inputs[2]]),
    ).toThrow(/takes no mask but as an input. Received: a mask with the first input/)
    const { layer } = masked({})
    const ids = tfl.layers.masking({ maskValue: 9 }).apply(symbols[1]!) as tfl.SymbolicTensor
    const second = layer.apply([first, ids]) as tfl.SymbolicTensor
    expect(() => tfl.model({ inputs: symbols, outputs: second }).predict([padded(), inputs[2]])).toThrow(
      /takes the mask of its first input alone. Received: a mask with another input/,
    )
  })
})

test('what is wrong is named', () => {
  expect(() => toy({ inputs: [] })).toThrow('inputs must name at least one input')
  expect(() => toy({ inputs: ['text', 'text.mask'] })).toThrow(/must each lead to a place of its own/)
  expect(() => toy({ inputs: ['text..mask'] })).toThrow(/must be names with single dots between/)
  expect(() => toy({ outputs: [] })).toThrow('outputs must name at least one output')
  expect(() => toy({ inputs: [{ path: 'ids', dtype: 'bool' as 'int32' }] })).toThrow(
    "dtype of ids must be 'float32' or 'int32'. Received: bool.",
  )
  expect(() => toy({ losses: { size: Number.NaN } })).toThrow("losses['size'] must be a finite number")
  expect(() => toy({ seed: -1 })).toThrow('seed must be a whole number, 0 or more. Received: -1.')
  expect(() => toy({ className: 'my_toy' })).toThrow('className must be letters and digits')
  expect(() => toy({ className: 'Dense' })).toThrow('className must not be the name of another kind of layer')
  expect(() => toy({ create: config => createToy(config) })).toThrow(
    'className must not be the name of another kind of layer',
  )
  expect(() => toy({ outputs: 'mask' }).apply(inputs)).toThrow(
    'outputs must name tensors that the module gives (states, mean, size). Received: mask.',
  )
  expect(() => toy({ losses: { mean: 1 } }).apply(inputs, { training: true })).toThrow(
    'losses must name scalars. Received: mean of shape [3, 2].',
  )
  expect(() => toy().apply(inputs.slice(0, 2))).toThrow(
    /inputs of layer \w+ must be 3: text.states, text.mask, ids. Received: 2./,
  )
  expect(() => toy({ losses: { size: 1 } }).calculateLosses()).toThrow(/are known while a model is trained/)
  const { plan: _, ...config } = toy().getConfig()
  const kind = tf.serialization.SerializationMap.getMap().classNameMap['Toy']![1]
  expect(() => kind(class {} as never, config)).toThrow(/config.plan.name must be the text/)
})
