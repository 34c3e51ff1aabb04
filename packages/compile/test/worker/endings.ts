import { setImmediate } from 'node:timers/promises'
import { registerGradients } from '@mafjs/tensor/gradients'
import * as tf from '@tensorflow/tfjs-core'
import '@tensorflow/tfjs-backend-cpu'
import { compile, compileGradients, compileTraining, exportOnnx, openOnnx } from '../../src/index'

// A process that disposes all that holds a session while it works, and prints what became of its calls; how it ends itself is
// for the test.
await tf.setBackend('cpu')
registerGradients()
const options = { threads: 1, spinning: false, worker: process.argv[2] === 'worker' }
const values = [1, 2, 3, 4, 5, 6]
const vector = (value: number) => ({ x: Float32Array.of(value, 1) as unknown as tf.Tensor })
const triple = ({ x }: { x: tf.Tensor }) => ({ y: tf.mul(x, 3) })
const sum = ({ x }: { x: tf.Tensor }): tf.Scalar => tf.sum(tf.square(x)) as tf.Scalar
const failure = (error: Error): string => `${error.name}: ${error.message}`

interface Held {
  call(value: number): Promise<unknown>
  dispose(): Promise<void>
}

const w = tf.variable(tf.tensor1d([1, 1]))
const weighted = ({ x }: { x: tf.Tensor }): tf.Scalar => sum({ x: tf.mul(w, x) })
const open: Record<string, () => Promise<Held>> = {
  async session() {
    const opened = await openOnnx(await exportOnnx(triple, { x: { shape: ['rows'] } }), options)
    const call = async (value: number) =>
      (await opened.run({ x: { data: Float32Array.of(value, 1), shape: [2] } }))['y']!.data[0]
    return { call, dispose: opened.dispose }
  },
  async compiled() {
    const compiled = compile(triple, options)
    const call = async (value: number) => (await compiled.run(vector(value)))['y']!.data[0]
    return { call, dispose: compiled.dispose }
  },
  async gradients() {
    const compiled = compileGradients(weighted, { w }, options)
    const call = async (value: number) => (await compiled(vector(value))).losses['total']
    return { call, dispose: compiled.dispose }
  },
  async training() {
    const training = await compileTraining(
      weighted,
      { w },
      { ...options, optimizer: { kind: 'adamw', learningRate: 0.5, weightDecay: 0 } },
    )
    const call = async (value: number) =>
      (await training.step(vector(value), { seed: 0, step: value })).applied ? value : 'not applied'
    return { call, dispose: training.dispose }
  },
}

/** The weights after a training whose steps are taken one by one, and which is disposed when it is idle. */
async function idleWeights(): Promise<string> {
  const { call, dispose } = await open['training']!()
  for (const value of values) await call(value)
  await dispose()
  return weights()
}

/** The weights, which go back to where they began. */
async function weights(): Promise<string> {
  const found = String(await w.data())
  w.assign(tf.tensor1d([1, 1]))
  return found
}

const expected = await idleWeights()
for (const [name, make] of Object.entries(open)) {
  for (const turns of [0, 2]) {
    const { call, dispose } = await make()
    const order: string[] = []
    const calls = Promise.allSettled(values.map(call)).then(all => {
      order.push('calls')
      return all.map(one => (one.status === 'fulfilled' ? one.value : failure(one.reason)))
    })
    for (let turn = 0; turn < turns; turn++) await setImmediate()
    const disposed = [dispose(), dispose()].map(ending => ending.then(() => order.push('disposed')))
    const late = await call(1).catch(failure)
    const results = await calls
    await Promise.all(disposed)
    const trained = await weights()
    const isWhole = trained === (name === 'training' ? expected : '1,1')
    console.log(JSON.stringify([name, results, order, late, isWhole || trained]))
  }
}
for (const make of Object.values(open)) {
  const { call, dispose } = await make()
  void call(1)
  void dispose()
}
