import * as tf from '@tensorflow/tfjs-core'

const SIZE = 1024

/** A program that takes some hundred milliseconds, with its variable and what it is run on. */
export function longProgram() {
  const w = tf.variable(tf.fill([SIZE, SIZE], 1 / SIZE)) as unknown as tf.Variable & tf.Tensor2D
  const mean = ({ x }: { x: tf.Tensor2D }): tf.Scalar => {
    let y = x
    for (let i = 0; i < 16; i++) y = tf.matMul(y, w)
    return tf.mean(y) as tf.Scalar
  }
  const ones = { data: new Float32Array(SIZE * SIZE).fill(1), shape: [SIZE, SIZE] }
  return { w, mean, x: ones as unknown as tf.Tensor2D }
}
