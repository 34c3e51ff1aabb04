import { encodingOfVectors } from '@mafjs/align'
import { assertEncoding, presence } from '@mafjs/tensor'
import '@tensorflow/tfjs-backend-cpu'
import * as tf from '@tensorflow/tfjs-core'
import { expect, test } from 'vitest'

await tf.setBackend('cpu')

test('vectors become encodings of one position that is there', () => {
  const vectors = tf.tensor2d([1, 2, 3, 4, 5, 6], [2, 3])
  const encoding = encodingOfVectors(vectors)
  expect(assertEncoding('text', encoding, 'tokens', 3)).toMatchObject({ batch: 2, tokens: 1 })
  expect(encoding.states.arraySync()).toEqual([[[1, 2, 3]], [[4, 5, 6]]])
  expect(encoding.summary).toBe(vectors)
  expect([...presence(encoding.mask).dataSync()]).toEqual([1, 1])
})

test('other shapes are refused by name', () => {
  expect(() => encodingOfVectors(tf.zeros([2, 1, 3]) as unknown as tf.Tensor2D)).toThrow(/vectors/)
})
