import { type ApplyOptions, dropout, uniform } from '@mafjs/tensor'
import * as tf from '@tensorflow/tfjs-core'
import { InferenceSession } from 'onnxruntime-node'
import { afterEach, beforeAll, expect, it, vi } from 'vitest'
import { compileTraining, type DynamicShapes } from '../../src'
import { useBackend } from '../../src/engine'

const WIDTH = 3

beforeAll(() => useBackend('cpu'))
afterEach(() => vi.restoreAllMocks())

interface Inputs {
  x: tf.Tensor3D
  mask: tf.Tensor2D
}

/** Two rows of a length. */
const batchOf = (length: number) => ({
  x: { data: uniform(2 * length * WIDTH, { seed: length, site: 'x' }), shape: [2, length, WIDTH] },
  mask: {
    data: Float32Array.from({ length: 2 * length }, (_, i) => Number(i !== 2 * length - 1)),
    shape: [2, length],
  },
})

const dynamic: DynamicShapes = {
  axes: { x: [null, 'length', null], mask: [null, 'length'] },
  largest: { length: 40 },
}

/** A table that is read as far as rows are long, a weight, dropout, and a mean over what is there. */
function made() {
  const table = tf.variable(tf.tensor2d(uniform(40 * WIDTH, { seed: 1, site: 'table' }), [40, WIDTH]))
  const weight = tf.variable(tf.tensor2d(uniform(WIDTH * WIDTH, { seed: 1, site: 'weight' }), [WIDTH, WIDTH]))
  const loss = ({ x, mask }: Inputs, options: ApplyOptions): tf.Scalar => {
    const length = x.shape[1]
    const placed = tf.add(x, tf.slice(table, 0, length))
    const states = tf.matMul(tf.reshape(dropout(placed, 0.2, 'test', options), [2 * length, WIDTH]), weight)
    const kept = tf.mul(tf.square(states), tf.reshape(mask, [2 * length, 1]))
    return tf.div(tf.sum(kept), tf.sum(mask)) as tf.Scalar
  }
  return { loss, parameters: { table, weight } }
}

/** What three steps on rows of three lengths give, and how many programs they took. */
async function trained(
  {
    loss,
    parameters,
  }: Pick<ReturnType<typeof made>, 'parameters'> & {
    loss: (inputs: Inputs, options: ApplyOptions) => tf.Scalar
  },
  shapes?: DynamicShapes,
  onNote?: (note: string) => void,
) {
  const created = vi.spyOn(InferenceSession, 'create')
  const optimizer = { kind: 'adamw', learningRate: 0.01 } as const
  const training = await compileTraining(loss, parameters, { optimizer, threads: 1, onNote })
  await training.losses(batchOf(1), { seed: 1, step: 0 })
  created.mockClear()
  const reports = []
  for (const [step, length] of [5, 2, 9, 5].entries()) {
    reports.push(await training.step(batchOf(length), { seed: 1, step }, { dynamic: shapes }))
  }
  const { parameters: state } = await training.state()
  await training.dispose()
  const numbers = [
    ...reports.flatMap(({ losses, gradientNorm }) => [losses.total, gradientNorm]),
    ...Object.values(state).flatMap(({ values, firstMoments }) => [...values, ...firstMoments]),
  ]
  return { numbers, programs: created.mock.calls.length }
}

it('one program trains rows of any length to the numbers of those that each have one', async () => {
  const onNote = vi.fn()
  const fixed = await trained(made())
  const free = await trained(made(), dynamic, onNote)
  expect([fixed.programs, free.programs]).toEqual([3, 1])
  expect(Math.max(...free.numbers.map((number, i) => Math.abs(number - fixed.numbers[i]!)))).toBeLessThan(
    1e-6,
  )
  expect(onNote).not.toHaveBeenCalled()
})

it('axes that the inputs have not are refused, not left aside', async () => {
  const { loss, parameters } = made()
  const optimizer = { kind: 'adamw', learningRate: 0.01 } as const
  const training = await compileTraining(loss, parameters, { optimizer, threads: 1 })
  const misspelt = { axes: { masc: [null, 'length'] } }
  const step = training.step(batchOf(3), { seed: 1, step: 0 }, { dynamic: misspelt })
  await expect(step).rejects.toThrow('masc must be a tensor of shape [any fixed length, length]')
  await training.dispose()
})

it('a loss that computes with more than a length has a program for each, the same numbers, and says so once', async () => {
  const withLength = () => {
    const { loss, parameters } = made()
    return {
      parameters,
      loss: (inputs: Inputs, options: ApplyOptions) =>
        tf.mul(loss(inputs, options), inputs.x.shape[1] + 0.5) as tf.Scalar,
    }
  }
  const notes: string[] = []
  const fixed = await trained(withLength())
  const free = await trained(withLength(), dynamic, note => notes.push(note))
  expect(free).toEqual(fixed)
  expect(notes).toHaveLength(1)
  expect(notes[0]).toMatch(/^Every length of a batch has a training program of its own/)
})
