// @ts-check
import { createRequire } from 'node:module'
import { join } from 'node:path'
import './restore-util.mjs'

// node check-addon.mjs FOLDER: imports the package in a process of its own, trains one weight, prints what computed.
const [folder] = process.argv.slice(2)
const tf = createRequire(join(String(folder), 'package.json'))('./dist/index.js')
const x = tf.tensor2d([1, 2, 3, 4], [2, 2])
const weight = tf.variable(tf.scalar(3))
const optimizer = tf.train.sgd(0.1)
optimizer.minimize(() => tf.square(weight))
const { indices } = tf.topk(x, 1)
console.log(
  JSON.stringify({
    backend: tf.getBackend(),
    tensorflow: tf.backend().binding.TF_Version,
    gpu: tf.backend().isUsingGpuDevice,
    product: [...tf.matMul(x, x).dataSync()],
    weight: weight.dataSync()[0],
    top: [...indices.dataSync()],
  }),
)
