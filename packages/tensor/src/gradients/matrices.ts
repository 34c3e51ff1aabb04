import type { GradConfig, Tensor } from '@tensorflow/tfjs-core'
import * as tf from '@tensorflow/tfjs-core'
import { swapLastAxes } from '../linear'

const transposedIf = (x: Tensor, transposed: boolean): Tensor => (transposed ? swapLastAxes(x) : x)

/** Plain products of explicitly transposed operands: transposed products are ten times slower on wasm. */
const matMulGradient: GradConfig = {
  kernelName: 'BatchMatMul',
  inputsToSave: ['a', 'b'],
  gradFunc: (dy, saved, attributes) => {
    const transposeA = attributes['transposeA'] as boolean
    const transposeB = attributes['transposeB'] as boolean
    const a = transposedIf(saved[0]!, transposeA)
    const b = transposedIf(saved[1]!, transposeB)
    return {
      a: () => transposedIf(tf.matMul(dy as Tensor, swapLastAxes(b)), transposeA),
      b: () => transposedIf(tf.matMul(swapLastAxes(a), dy as Tensor), transposeB),
    }
  },
}

type Stride = number | [number, number]
type Padding = 'valid' | 'same' | number

const convolutionGradient: GradConfig = {
  kernelName: 'Conv2D',
  inputsToSave: ['x', 'filter'],
  gradFunc: (dy, saved, attributes) => {
    const [x, filter] = saved as [tf.Tensor4D, tf.Tensor4D]
    const { strides, pad, dataFormat, dimRoundingMode, dilations } = attributes
    const dilated = ([] as number[]).concat(dilations as number[]).some(dilation => dilation !== 1)
    if (dilated) throw new Error('The gradient of tf.conv2d with dilations is not supported.')
    const shared = { strides, pad, dataFormat, dimRoundingMode } as tf.NamedAttrMap
    return {
      x: () =>
        tf.engine().runKernel(
          'Conv2DBackpropInput',
          { dy: dy as Tensor, filter },
          {
            ...shared,
            inputShape: x.shape,
          },
        ) as Tensor,
      filter: () =>
        tf.engine().runKernel(
          'Conv2DBackpropFilter',
          { x, dy: dy as Tensor },
          {
            ...shared,
            filterShape: filter.shape,
          },
        ) as Tensor,
    }
  },
}

const maxPoolGradient: GradConfig = {
  kernelName: 'MaxPool',
  inputsToSave: ['x'],
  outputsToSave: [true],
  gradFunc: (dy, saved, { filterSize, strides, pad, dimRoundingMode }) => ({
    x: () =>
      tf.engine().runKernel('MaxPoolGrad', { dy: dy as Tensor, input: saved[0]!, output: saved[1]! }, {
        filterSize,
        strides: strides as Stride,
        pad: pad as Padding,
        dimRoundingMode,
      } as tf.NamedAttrMap) as Tensor,
  }),
}

const averagePoolGradient: GradConfig = {
  kernelName: 'AvgPool',
  inputsToSave: ['x'],
  gradFunc: (dy, saved, { filterSize, strides, pad }) => ({
    x: () =>
      tf.engine().runKernel('AvgPoolGrad', { dy: dy as Tensor, input: saved[0]! }, {
        filterSize,
        strides: strides as Stride,
        pad: pad as Padding,
      } as tf.NamedAttrMap) as Tensor,
  }),
}

/** The gradients of matrix products, convolution and pooling. */
export const matrixGradients: readonly GradConfig[] = [
  matMulGradient,
  convolutionGradient,
  maxPoolGradient,
  averagePoolGradient,
]
