import type { GradConfig, Tensor } from '@tensorflow/tfjs-core'
import * as tf from '@tensorflow/tfjs-core'
import { swapLastAxes } from '../linear'
import { placeOfMaximum } from './max-pool'

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

/** A convolution, whose gradients are kernels of their own. */
const convolutionGradient = (kernelName: string, operation: string): GradConfig => ({
  kernelName,
  inputsToSave: ['x', 'filter'],
  gradFunc: (dy, saved, attributes) => {
    const [x, filter] = saved as [tf.Tensor4D, tf.Tensor4D]
    const dilations = ([] as number[]).concat(attributes['dilations'] as number[])
    const dilated = dilations.some(dilation => dilation !== 1)
    if (dilated) throw new Error(`The gradient of ${operation} with dilations is not supported.`)
    const run = (side: string, inputs: tf.NamedTensorMap, shapes: tf.NamedAttrMap): Tensor =>
      tf.engine().runKernel(`${kernelName}Backprop${side}`, inputs, { ...attributes, ...shapes })
    return {
      x: () => run('Input', { dy: dy as Tensor, filter }, { inputShape: x.shape }),
      filter: () => run('Filter', { x, dy: dy as Tensor }, { filterShape: filter.shape }),
    }
  },
})

/** A transposed convolution: linear in both, by a convolution and by the gradient of its filter. */
const transposedGradient: GradConfig = {
  kernelName: 'Conv2DBackpropInput',
  inputsToSave: ['dy', 'filter'],
  gradFunc: (ddx, saved, { strides, pad, dataFormat, dimRoundingMode }) => {
    const [dy, filter] = saved as [tf.Tensor4D, tf.Tensor4D]
    const attributes = { strides, pad, dataFormat, dimRoundingMode } as tf.NamedAttrMap
    const run = (kernel: string, inputs: tf.NamedTensorMap, others: tf.NamedAttrMap): Tensor =>
      tf.engine().runKernel(kernel, inputs, { ...attributes, ...others })
    const x = ddx as Tensor
    return {
      dy: () => run('Conv2D', { x, filter }, { dilations: [1, 1] }),
      filter: () => run('Conv2DBackpropFilter', { x, dy }, { filterShape: filter.shape }),
    }
  },
}

const maxPoolGradient: GradConfig = {
  kernelName: 'MaxPool',
  inputsToSave: ['x'],
  outputsToSave: [true],
  gradFunc: (dy, saved, { filterSize, strides, pad, dimRoundingMode }) => ({
    x: () => {
      const [input, output] = saved as [Tensor, Tensor]
      const attributes = { filterSize, strides, pad, dimRoundingMode } as tf.NamedAttrMap
      if (tf.getBackend() === 'wasm') return placeOfMaximum(dy as Tensor, input, attributes)
      return tf.engine().runKernel('MaxPoolGrad', { dy: dy as Tensor, input, output }, attributes)
    },
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
  convolutionGradient('Conv2D', 'tf.conv2d'),
  convolutionGradient('DepthwiseConv2dNative', 'tf.depthwiseConv2d'),
  transposedGradient,
  maxPoolGradient,
  averagePoolGradient,
]
