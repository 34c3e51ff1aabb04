import { useBackend } from '@mafjs/compile/engine'
import { registerGradients } from '@mafjs/tensor/gradients'
import * as tf from '@tensorflow/tfjs-core'
import { afterEach, expect } from 'vitest'

// Loaded before every test file by `npm run test:tensorflow`: who asks for tfjs's cpu or wasm is given TensorFlow's.
await useBackend('tensorflow')
// A test begins as without tfjs-node, which brings the gradients of all of tfjs.
for (const kernel of registerGradients({ replace: true })) tf.unregisterGradient(kernel)

const engine = tf.engine()
const setBackend = engine.setBackend.bind(engine)
engine.setBackend = name => setBackend(name === 'cpu' || name === 'wasm' ? 'tensorflow' : name)

// A test that named another backend has not told anything of this one.
afterEach(() => {
  expect(['tensorflow', 'onnx']).toContain(tf.getBackend())
})
