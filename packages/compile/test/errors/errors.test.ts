import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import * as tf from '@tensorflow/tfjs-core'
import '@tensorflow/tfjs-backend-cpu'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { compile } from '../../src/index'
import { QUIET, rejection } from '../compile/compare'

beforeAll(() => tf.setBackend('cpu'))
afterAll(() => tf.disposeVariables())

interface Inputs {
  /** `[2, 3]` */
  x: tf.Tensor2D
  /** `[2]` */
  ids: tf.Tensor1D
}

const x = tf.tensor2d([1, -2, 3, 4, 5, -6], [2, 3])
const ids = tf.tensor1d([0, 9], 'int32')
const weight = tf.variable(tf.tensor1d([1, 2, 3]), true, 'errors.weight')
let calls = 0

/** A function that cannot be compiled or run, the piece of its text that the error must point at, and what it must say. */
type Failure = [at: string, fn: (inputs: Inputs) => unknown, ...says: (string | RegExp)[]]

const failures: Record<string, Failure> = {
  'a kernel that is not lowered': [
    'tf.multinomial(',
    ({ x }) => tf.multinomial(x, 3, 5),
    'The tfjs kernel Multinomial has no ONNX lowering yet.',
    'Compute it outside the compiled function, or run the function on another tfjs backend, such as wasm or cpu.',
  ],
  'a kernel that is not lowered, called through others': [
    'tf.spectral.rfft(',
    ({ x }) => tf.sum(tf.real(tf.spectral.rfft(x))),
    /^The tfjs kernel \w+ has no ONNX lowering yet/,
  ],
  dataSync: [
    'x.dataSync()',
    ({ x }) => tf.mul(x, x.dataSync()[0]!),
    'dataSync read the data of a tensor while the program was recorded, when there are none yet.',
    'Return the tensor from the compiled function and read it there; values that decide what JavaScript does, or how ' +
      'long a tensor is, must be arguments that are not tensors.',
  ],
  arraySync: [
    'x.arraySync()',
    ({ x }) => (x.arraySync()[0]![0]! > 0 ? x : tf.neg(x)),
    /^arraySync read the data/,
  ],
  'print, of what was computed': ['.print()', ({ x }) => tf.square(x).print(), /^print read the data/],
  'data, which nobody waits for': ['x.data()', ({ x }) => [x, void x.data()], /^data read the data/],
  'data, though the function goes on without': [
    'x.dataSync()',
    ({ x }) => {
      try {
        return tf.mul(x, x.dataSync()[0]!)
      } catch {
        return x
      }
    },
    /^dataSync read the data/,
  ],
  'the value of a variable': [
    'weight.dataSync()',
    ({ x }) => tf.mul(x, weight.dataSync()[0]!),
    'dataSync read the value of the variable errors.weight, which would be frozen into the program.',
    'Compute with the variable itself, or give the value as an argument.',
  ],
  'tf.randomNormal': [
    'tf.randomNormal(',
    ({ x }) => tf.add(x, tf.randomNormal([2, 3])),
    'randomNormal drew random numbers, which would be frozen into the program.',
    'Draw them outside and give them as an input; dropout of @mafjs/tensor does so by itself.',
  ],
  'tf.dropout': ['tf.dropout(', ({ x }) => tf.dropout(x, 0.5), /^dropout drew random numbers/],
  'a random scalar': [
    'Math.random()',
    ({ x }) => tf.mul(x, Math.random()),
    /^Math\.random drew random numbers/,
  ],
  'a random attribute': ['Math.random()', ({ x }) => tf.leakyRelu(x, Math.random()), /^Math\.random drew/],
  'a decision by chance': [
    'Math.random()',
    ({ x }) => (Math.random() < 2 ? tf.neg(x) : x),
    /^Math\.random drew/,
  ],
  'a number that differs from call to call': [
    'tf.fill(',
    ({ x }) => tf.add(x, tf.fill([3], 3 + calls++)),
    /^What differs from call to call would be frozen into the program: two recordings hold \[\] \d+ and \[\] \d+\./,
  ],
  'tf.booleanMask': [
    'tf.booleanMaskAsync(',
    ({ x }) => tf.booleanMaskAsync(x, tf.tensor1d([true, false])),
    /^booleanMaskAsync read the data of a tensor.*or how long a tensor is, must be arguments/s,
  ],
  'tf.where, deep in what is returned': [
    'tf.whereAsync(',
    ({ x }) => ({ a: [tf.whereAsync(tf.greater(x, 0))] }),
    /^whereAsync read/,
  ],
  'an async function': [
    'tf.whereAsync(',
    async ({ x }) => (await tf.whereAsync(tf.greater(x, 0))).shape,
    /^whereAsync read/,
  ],
  'tf.unique': [
    'tf.unique(',
    ({ x }) => tf.unique(tf.reshape(x, [6])).values,
    'The shape of what the tfjs kernel Unique gives depends on data, which a recorded program cannot have.',
    'Compute it outside the compiled function and give the result as an input, or keep every row and use a mask.',
  ],
  'non-maximum suppression': [
    'tf.image.nonMaxSuppression(',
    ({ ids }) => tf.image.nonMaxSuppression(tf.zeros([2, 4]), tf.cast(ids, 'float32') as tf.Tensor1D, 2),
    /^The shape of what the tfjs kernel NonMaxSuppressionV3 gives depends on data/,
  ],
  'an index out of range, when it runs': [
    'tf.gather(',
    ({ x, ids }) => tf.gather(x, ids),
    /^The compiled program failed while it ran at Gather, made for GatherV2: .*idx=9 must be within.*\. Called from:/,
    'Look for indices out of range and shapes that do not fit in what it is given; if it is all as you meant it, this is ' +
      'a fault of @mafjs/compile: please report it.',
  ],
  'another compiled function inside': [
    'inner({ x })',
    ({ x }) => inner({ x }),
    'A compiled function was called while another one was recorded.',
    'Call the plain function in its place: it becomes part of the program.',
  ],
}

const inner = compile(({ x }: Pick<Inputs, 'x'>) => tf.neg(x), QUIET)

/** Failures that have no place in the function. */
const placeless: Record<string, [fn: (inputs: Inputs) => unknown, message: string]> = {
  'an async function that waits for nothing': [
    async ({ x }) => tf.neg(x),
    'The function to be compiled returned a promise. Make it synchronous: what it must wait for is computed before, and ' +
      'given to it as an argument.',
  ],
  'a promise deep in what is returned': [
    ({ x }) => ({ list: [x, { later: Promise.resolve(x) }] }),
    'The function to be compiled returned a promise. Make it synchronous: what it must wait for is computed before, and ' +
      'given to it as an argument.',
  ],
  'an assigned variable': [
    ({ x }) => {
      weight.assign(tf.add(weight, 1) as tf.Tensor1D)
      return tf.mul(x, weight)
    },
    'The compiled function assigned the variable errors.weight. Return the new value and assign it outside; ' +
      'compileGradients computes gradients for an optimiser outside.',
  ],
  'a variable made': [
    ({ x }) => tf.mul(x, tf.variable(tf.tensor1d([1, 2, 3]), true, 'errors.made')),
    'The compiled function made the variable errors.made. Make it before: apply a layer once, or call its build, so that ' +
      'its weights exist when it is compiled.',
  ],
  'a value that differs from call to call': [
    ({ x }) => ({ x: tf.neg(x), when: typeof calls, call: { number: (calls++ % 2) + 1 } }),
    'What differs from call to call would be frozen into the program: two recordings hold 1 and 2 are returned as ' +
      'call.number. Draw or compute it outside and give it as an input; dropout of @mafjs/tensor does so by itself.',
  ],
}

const lines = readFileSync(fileURLToPath(import.meta.url), 'utf8').split('\n')

/** The line of this file that the innermost frame of an error's text is on. */
function placeIn(message: string): string | undefined {
  const number = /errors\.test\.ts:(\d+)/.exec(message)?.[1]
  return number === undefined ? undefined : lines[Number(number) - 1]
}

const engineNow = (): object => ({
  backend: tf.getBackend(),
  tensors: tf.memory().numTensors,
  buffers: tf.memory().numDataBuffers,
  patched: [Math.random, tf.engine().read, tf.engine().readSync],
  variables: Object.entries(tf.engine().registeredVariables).map(([name, { dataId }]) => [name, dataId]),
  kept: Error.stackTraceLimit,
})

/** A compiled function that works, to see that nothing of a failure stays. */
async function expectSound(): Promise<void> {
  const sound = compile(({ x }: Inputs) => tf.mul(x, weight), QUIET)
  const { output } = await sound.run({ x, ids })
  expect(output!.data).toEqual(Float32Array.of(1, -4, 9, 4, 10, -18))
  expect(await weight.data()).toEqual(Float32Array.of(1, 2, 3))
  await sound.dispose()
}

describe('what cannot be compiled or run says what, where and what to do, and leaves the engine as it was', () => {
  it.each(Object.entries(failures))('%s', async (_, [at, fn, ...says]) => {
    const before = engineNow()
    const compiled = compile(fn as (inputs: Inputs) => tf.Tensor, QUIET)
    const error = await rejection(compiled({ x, ids }))
    expect(error.name).toBe('CompileError')
    for (const words of says) {
      if (typeof words === 'string') expect(error.message).toContain(words)
      else expect(error.message).toMatch(words)
    }
    expect(placeIn(error.message), error.message).toContain(at)
    expect(engineNow()).toEqual(before)
    await expectSound()
    await compiled.dispose()
  })

  it.each(Object.entries(placeless))('%s', async (_, [fn, message]) => {
    calls = 0
    const before = engineNow()
    const error = await rejection(compile(fn as (inputs: Inputs) => tf.Tensor, QUIET)({ x, ids }))
    expect([error.name, error.message]).toEqual(['CompileError', message])
    expect(engineNow()).toEqual(before)
    await expectSound()
  })

  it("and the function's own errors as they are, whatever else it did", async () => {
    const before = engineNow()
    const own = new RangeError('No such label.')
    const compiled = compile(({ x }: Inputs): tf.Tensor => {
      weight.assign(tf.neg(weight) as tf.Tensor1D)
      tf.variable(tf.neg(x), true, 'errors.made')
      throw own
    }, QUIET)
    expect(await rejection(compiled({ x, ids }))).toBe(own)
    expect(engineNow()).toEqual(before)
    await expectSound()
  })

  it('and a function that failed once may be called again', async () => {
    let isReady = false
    const compiled = compile(({ x }: Inputs) => {
      if (!isReady) throw new Error('Not yet.')
      return tf.neg(x)
    }, QUIET)
    expect((await rejection(compiled({ x, ids }))).message).toBe('Not yet.')
    isReady = true
    expect((await compiled.run({ x, ids }))['output']!.data[0]).toBe(-1)
    await compiled.dispose()
  })

  it('and options and providers by name', async () => {
    const run = (options: object): Promise<Error> =>
      rejection(compile(({ x }: Inputs) => x, options)({ x, ids }))
    const threads = await run({ threads: 0 })
    expect([threads.name, threads.message]).toEqual([
      'InvalidArgumentError',
      expect.stringContaining('threads must be a whole number from 1 to 256. Received: 0.'),
    ])
    expect((await run({ executionProvider: 'abacus' })).message).toMatch(
      /\[abacus\] backend not found\. Name an execution provider that this build of ONNX Runtime has; it always has cpu\.$/,
    )
  })
})
