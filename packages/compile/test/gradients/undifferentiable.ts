import * as tf from '@tensorflow/tfjs-core'

const x = (...shape: number[]): tf.Tensor => {
  const size = shape.reduce((product, length) => product * length, 1)
  return tf.tensor(
    Float32Array.from({ length: size }, (_, i) => 0.2 + (i % 7) / 10),
    shape,
  )
}
const run = (kernel: string, inputs: Record<string, tf.Tensor>, attributes: object = {}): tf.Tensor =>
  tf.engine().runKernel(kernel, inputs, attributes as tf.NamedAttrMap)
const WINDOWS = { strides: [1, 1], pad: 'valid', dilations: [1, 1], dataFormat: 'NHWC' }
const POOL = { filterSize: [2, 2], strides: [2, 2], pad: 'valid' }

/** Kernels that tfjs does not differentiate either: what has them between a parameter and the loss is refused. */
export const UNDIFFERENTIABLE: Record<string, (w: tf.Tensor) => tf.Tensor> = {
  AvgPoolGrad: w => run('AvgPoolGrad', { dy: tf.reshape(w, [1, 2, 2, 1]), input: x(1, 4, 4, 1) }, POOL),
  Conv2DBackpropFilter: w =>
    run(
      'Conv2DBackpropFilter',
      { x: tf.reshape(w, [1, 2, 2, 1]), dy: x(1, 1, 1, 1) },
      { ...WINDOWS, filterShape: [2, 2, 1, 1] },
    ),
  DepthwiseConv2dNativeBackpropFilter: w =>
    run(
      'DepthwiseConv2dNativeBackpropFilter',
      { x: tf.reshape(w, [1, 2, 2, 1]), dy: x(1, 1, 1, 1) },
      { ...WINDOWS, filterShape: [2, 2, 1, 1] },
    ),
  DepthwiseConv2dNativeBackpropInput: w =>
    run(
      'DepthwiseConv2dNativeBackpropInput',
      { dy: x(1, 1, 1, 1), filter: tf.reshape(w, [2, 2, 1, 1]) },
      { ...WINDOWS, inputShape: [1, 2, 2, 1] },
    ),
  EluGrad: w => run('EluGrad', { dy: w, y: x(4) }),
  GatherNd: w => tf.gatherND(w, tf.tensor2d([[1], [1]], [2, 1], 'int32')),
  MaxPoolGrad: w =>
    run(
      'MaxPoolGrad',
      { dy: tf.reshape(w, [1, 2, 2, 1]), input: x(1, 4, 4, 1), output: x(1, 2, 2, 1) },
      POOL,
    ),
  ScatterNd: w => tf.scatterND(tf.tensor2d([[0], [1], [3], [3]], [4, 1], 'int32'), w, [5]),
  StridedSlice: w => tf.stridedSlice(w, [0], [4], [2]),
  TopK: w => tf.topk(w, 2).values,
}
