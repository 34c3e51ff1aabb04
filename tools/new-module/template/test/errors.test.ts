import '@tensorflow/tfjs-backend-cpu'
import * as tf from '@tensorflow/tfjs-core'
import { expect, it } from 'vitest'
import { createTemplateName, templateName } from '../src'

await tf.setBackend('cpu')

it('says what is wrong', () => {
  expect(() => createTemplateName({ hidden: 2.5 })).toThrow(
    'hidden must be a positive whole number. Received: 2.5.',
  )
  const sound = {
    states: tf.zeros<tf.Rank.R3>([2, 3, 4]),
    mask: tf.ones<tf.Rank.R2>([2, 3]),
    weight: tf.zeros<tf.Rank.R2>([4, 4]),
    bias: tf.zeros<tf.Rank.R1>([4]),
  }
  expect(() => templateName({ ...sound, mask: tf.ones([2, 5]) })).toThrow(
    'mask must have shape [batch=2, positions=3]. Received: [2, 5].',
  )
  expect(() => templateName({ ...sound, mask: tf.ones([2, 3], 'int32') })).toThrow(
    'mask must have dtype float32. Received: int32.',
  )
})
