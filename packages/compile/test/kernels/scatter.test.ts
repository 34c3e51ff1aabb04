import { registerOnnxBackend } from '@mafjs/compile'
import * as tf from '@tensorflow/tfjs-core'
import { expect, it } from 'vitest'

registerOnnxBackend({ threads: 2, spinning: false })

it('adds the rows of a repeated id one after the other, whatever the threads', async () => {
  await tf.setBackend('onnx')
  const [rows, size, segments] = [4096, 768, 4]
  // Threads that add into one row at the same time would lose some.
  for (let attempt = 0; attempt < 3; attempt++) {
    const ids = tf.tensor1d(
      Array.from({ length: rows }, (_, i) => i % segments),
      'int32',
    )
    const sums = await tf.unsortedSegmentSum(tf.ones([rows, size]), ids, segments).data()
    expect(new Set(sums)).toEqual(new Set([rows / segments]))
  }
})

it('gives rows of ids outside to nobody', async () => {
  await tf.setBackend('onnx')
  const rows = tf.tensor2d([1, 2, 3, 4], [4, 1])
  const sums = tf.unsortedSegmentSum(rows, tf.tensor1d([1, -1, 2, 0], 'int32'), 2)
  expect([...(await sums.data())]).toEqual([4, 1])
})
