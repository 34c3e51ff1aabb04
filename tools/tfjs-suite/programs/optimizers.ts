import * as tf from '@tensorflow/tfjs-core'

/** One step of every optimiser of tfjs-core, in each of its variants. */
export async function run(): Promise<void> {
  const optimizers = [
    tf.train.sgd(0.1),
    tf.train.momentum(0.1, 0.9),
    tf.train.momentum(0.1, 0.9, true),
    tf.train.adam(),
    tf.train.adagrad(0.1),
    tf.train.rmsprop(0.1, 0.9, 0.9),
    tf.train.rmsprop(0.1, 0.9, 0.9, undefined, true),
    tf.train.adamax(),
    tf.train.adadelta(),
  ]
  for (const optimizer of optimizers) {
    const weight = tf.variable(tf.tensor1d([1, 2]))
    for (let step = 0; step < 2; step++) optimizer.minimize(() => tf.sum(weight))
    await weight.data()
  }
}
