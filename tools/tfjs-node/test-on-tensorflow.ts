import { useBackend } from '@mafjs/ner-maf'
import * as tf from '@tensorflow/tfjs-core'
import { afterAll, expect } from 'vitest'

// Loaded before every test file by `npm run test:tensorflow`: who asks for tfjs's backend cpu or wasm is given TensorFlow's.
await useBackend('tensorflow')

const engine = tf.engine()
const setBackend = engine.setBackend.bind(engine)
const started = new Set<string>()
engine.setBackend = name => {
  const given = name === 'cpu' || name === 'wasm' ? 'tensorflow' : name
  started.add(given)
  return setBackend(given)
}

// A file that sets no backend at all computes nothing, or with the one that was set above.
afterAll(() => {
  expect([...started].filter(name => name !== 'tensorflow' && name !== 'onnx')).toEqual([])
  expect(['tensorflow', 'onnx']).toContain(tf.getBackend())
})
