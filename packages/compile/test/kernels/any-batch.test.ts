import '@tensorflow/tfjs-backend-cpu'
import { compile, registerOnnxBackend } from '@mafjs/compile'
import * as tf from '@tensorflow/tfjs-core'
import { expect, it } from 'vitest'
import { distance } from './kernel-case'
import { floats, tensorOf } from './sample'

registerOnnxBackend({ threads: 2, spinning: false })

it('runs kernels with windows for any number of pictures, recorded once', async () => {
  await tf.setBackend('cpu')
  const filter = tensorOf(floats([3, 3, 3, 16])) as tf.Tensor4D
  const second = tensorOf(floats([1, 1, 16, 4])) as tf.Tensor4D
  const perChannel = tensorOf(floats([3, 3, 16, 1])) as tf.Tensor4D
  const [mean, variance] = [tensorOf(floats([16])), tensorOf(floats([16], 0.1, 2))] as tf.Tensor1D[]
  const network = ({ x }: { x: tf.Tensor }) => {
    const map = tf.relu(tf.conv2d(x as tf.Tensor4D, filter, 2, 'same'))
    const normal = tf.batchNorm(tf.depthwiseConv2d(map, perChannel, 1, 'same'), mean!, variance!)
    const pooled = tf.add(tf.maxPool(normal, 2, 2, 'same'), tf.avgPool(normal, 3, 2, 1, 'ceil'))
    return { features: tf.mean(tf.conv2d(pooled as tf.Tensor4D, second, 2, 'valid'), [1, 2]) }
  }
  const compiled = compile(network, { threads: 2, dynamic: { axes: { x: ['batch', null, null, null] } } })
  for (const batch of [3, 1]) {
    const x = tensorOf(floats([batch, 9, 9, 3]))
    const { features } = await compiled({ x })
    const expected = network({ x }).features
    expect(features.shape).toEqual([batch, 4])
    expect(distance(Array.from(await features.data()), Array.from(await expected.data()))).toBeLessThan(1e-5)
  }
  await compiled.dispose()
})
