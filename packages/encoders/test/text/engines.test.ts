import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { compile, compileGradients } from '@mafjs/compile'
import * as tf from '@tensorflow/tfjs-core'
import '@tensorflow/tfjs-backend-cpu'
import { afterEach, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { loadTextEncoder } from '../../src/checkpoint/load-text-encoder'
import { findTextEncoder } from '../../src/checkpoint/text-encoder-names'
import { createTokenBatch, type TextInputs } from '../../src/text/token-batch'
import { loadWeights } from '../../src/weights'

const root = fileURLToPath(new URL('../fixtures/text-encoders', import.meta.url))
const FIXTURES = readdirSync(root)
/** Those whose slopes `make-text-encoders.py` wrote too. */
const WITH_SLOPES = FIXTURES.filter(name => existsSync(join(root, name, 'gradients.safetensors')))
/** Those that count positions from each other alone: what stands before a text moves nothing. */
const RELATIVE = ['modernbert', 'deberta-v2']
const ENGINE = { threads: 1 }

beforeAll(() => tf.setBackend('cpu'))
afterEach(() => tf.disposeVariables())

const expectedOf = (name: string): { ids: number[][]; states: number[][][] } =>
  JSON.parse(readFileSync(join(root, name, 'expected.json'), 'utf8'))

/** The largest deviation at what is no padding, in parts of the largest value. */
function deviation(actual: tf.Tensor, expected: tf.TensorLike, mask: tf.Tensor2D): number {
  const wanted = tf.mul(tf.tensor(expected), tf.expandDims(mask, 2))
  const difference = tf.abs(tf.sub(tf.mul(actual, tf.expandDims(mask, 2)), wanted))
  return tf.div(tf.max(difference), tf.max(tf.abs(wanted))).dataSync()[0]!
}

async function loaded(name: string) {
  const { encoder } = await loadTextEncoder(join(root, name))
  const { ids, states } = expectedOf(name)
  const { vocabSize, padId } = encoder.config
  return { encoder, ids, states, inputs: createTokenBatch(ids, { vocabSize, padId }) }
}

describe.each(FIXTURES)('%s', name => {
  test('is that of Hugging Face on either engine, in one program of any length', async () => {
    const { encoder, ids, states, inputs } = await loaded(name)
    const statesOf = ({ ids, mask }: TextInputs) => encoder.apply({ ids, mask }).states
    const axes = { ids: ['batch', 'positions'], mask: ['batch', 'positions'] } as const
    const { maxPositions, vocabSize, padId } = encoder.config
    const program = compile(statesOf, { ...ENGINE, dynamic: { axes, largest: { positions: maxPositions } } })
    onTestFinished(() => program.dispose())
    const engines = { tfjs: async (given: TextInputs) => statesOf(given), onnx: program }
    for (const [engine, run] of Object.entries(engines)) {
      expect(deviation(await run(inputs), states, inputs.mask), engine).toBeLessThan(1e-5)
      const [first] = ids
      const alone = createTokenBatch([first!], { vocabSize, padId })
      const expected = [states[0]!.slice(0, first!.length)]
      expect(deviation(await run(alone), expected, alone.mask), engine).toBeLessThan(1e-5)
    }
  })
})

test.each(RELATIVE)('%s: padding moves nothing on whichever side it is', async name => {
  const { encoder, ids, states } = await loaded(name)
  const { padId } = encoder.config
  const length = Math.max(...ids.map(row => row.length)) + 7
  const before = <T>(row: readonly T[], value: T): T[] => [
    ...Array<T>(length - row.length).fill(value),
    ...row,
  ]
  const rows = ids.map(row => before(row, padId))
  const mask = tf.tensor2d(
    ids.map(row =>
      before(
        row.map(() => 1),
        0,
      ),
    ),
  )
  const given = { ids: tf.tensor2d(rows, undefined, 'int32'), mask }
  const expected = states.map((row, i) => before(row.slice(0, ids[i]!.length), Array<number>(16).fill(0)))
  expect(deviation(encoder.apply(given).states, expected, mask)).toBeLessThan(1e-5)
})

test.each(WITH_SLOPES)('%s has the gradients of torch through the compiler', async name => {
  const { encoder, inputs } = await loaded(name)
  const parameters = encoder.parameters()
  const file = join(root, name, 'gradients.safetensors')
  const { own } = findTextEncoder(await loadWeights(file), encoder.config.kind, file)
  const loss = ({ ids, mask }: TextInputs) =>
    tf.sum(tf.mul(tf.square(encoder.apply({ ids, mask }).states), tf.expandDims(mask, 2))) as tf.Scalar
  const compiled = compileGradients(loss, parameters, ENGINE)
  onTestFinished(() => compiled.dispose())
  const { gradients } = await compiled(inputs)
  expect(Object.keys(gradients).sort()).toEqual(Object.keys(own).sort())
  for (const [parameter, weight] of Object.entries(own)) {
    // The same is added to every score of a query, which the softmax takes out.
    if (parameter.endsWith('pos_key.bias')) continue
    const [actual, expected] = [gradients[parameter]!.dataSync(), weight.values()]
    const largest = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
    const most = expected.reduce((far, value, i) => Math.max(far, Math.abs(value - actual[i]!)), 0)
    expect(most, parameter).toBeLessThan(1e-5 * largest)
  }
})
