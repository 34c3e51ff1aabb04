import { uniform } from '@mafjs/tensor'
import type { Tensor3D, Tensor4D } from '@tensorflow/tfjs-core'
import * as tf from '@tensorflow/tfjs-core'
import '@tensorflow/tfjs-backend-cpu'
import { expect, test } from 'vitest'
import { encodePlaced } from '../../src/image/encode-placed'
import { createPatchEncoder } from '../../src/image/patch-encoder'

const encoder = createPatchEncoder({ kind: 'patches', imageSize: 4, patchSize: 2, channels: 3, seed: 2 })
const pixels = tf.tensor4d(uniform(3 * 48, { seed: 1, site: 'pixels' }), [3, 4, 4, 3])
/** No picture, the last, the first and the second, the last again with an empty place. */
const choice = tf.tensor3d(
  [
    [0, 0, 0, 0, 0, 0],
    [0, 0, 1, 0, 0, 0],
    [1, 0, 0, 0, 1, 0],
    [0, 0, 0, 0, 0, 1],
  ].flat(),
  [4, 2, 3],
)

/** What the encoder makes of one picture by itself. */
function alone(picture: number): { states: number[][]; summary: number[] } {
  const one = tf.slice(pixels, [picture, 0, 0, 0], [1, 4, 4, 3])
  const { states, summary } = encoder.apply({ pixels: one, present: tf.ones([1]) })
  return {
    states: (states.arraySync() as number[][][])[0]!,
    summary: (summary.arraySync() as number[][])[0]!,
  }
}

const expectClose = (received: number[], wanted: number[]): void => {
  expect(received).toHaveLength(wanted.length)
  for (const [i, value] of wanted.entries()) expect(received[i]).toBeCloseTo(value, 6)
}

test('every example has the regions of its pictures in order, the mean of their summaries, and zeros elsewhere', () => {
  const { states, summary, mask } = encodePlaced(encoder, { pixels, choice })
  const none = Array.from({ length: 4 }, () => [0, 0, 0])
  const [first, second, last] = [alone(0), alone(1), alone(2)]
  expect([states.shape, summary.shape, mask.shape]).toEqual([
    [4, 8, 3],
    [4, 3],
    [4, 8],
  ])
  const rows = [
    [none, none],
    [last.states, none],
    [first.states, second.states],
    [none, last.states],
  ]
  expectClose([...states.dataSync()], rows.flat(3) as unknown as number[])
  const mean = first.summary.map((value, i) => (value + second.summary[i]!) / 2)
  expectClose([...summary.dataSync()], [[0, 0, 0], last.summary, mean, last.summary].flat())
  expect(mask.arraySync()).toEqual([
    [0, 0, 0, 0, 0, 0, 0, 0],
    [1, 1, 1, 1, 0, 0, 0, 0],
    [1, 1, 1, 1, 1, 1, 1, 1],
    [0, 0, 0, 0, 1, 1, 1, 1],
  ])
})

test('one picture for each example is what the encoder itself makes of them, to the bit; nothing leaks', () => {
  const ones = tf.tensor3d([1, 0, 0, 0, 0, 0, 0, 0, 1], [3, 1, 3])
  const present = tf.tensor1d([1, 0, 1])
  const before = tf.memory().numTensors
  const placed = encodePlaced(encoder, { pixels, choice: ones })
  expect(tf.memory().numTensors - before).toBe(3)
  const own = encoder.apply({ pixels, present })
  expect(placed.mask.arraySync()).toEqual(own.mask.arraySync())
  for (const part of ['states', 'summary'] as const) {
    const [rows, wanted] = [placed, own].map(encoding => encoding[part].arraySync()) as [unknown[], unknown[]]
    expect([rows[0], rows[2]]).toEqual([wanted[0], wanted[2]])
  }
  tf.dispose([ones, present])
})

test('a choice among other pictures is refused', () => {
  const wrong = tf.zeros([1, 1, 2]) as Tensor3D
  expect(() => encodePlaced(encoder, { pixels: pixels as Tensor4D, choice: wrong })).toThrow('inputs.choice')
})
