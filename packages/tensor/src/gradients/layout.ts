import type { GradConfig, Tensor } from '@tensorflow/tfjs-core'
import * as tf from '@tensorflow/tfjs-core'
import { unaryGradient, zeroGradient } from './gradient'

/** `count` equal parts of a tensor summed, along one axis. */
function sumOfTiles(dy: Tensor, shape: number[], repeats: number[]): Tensor {
  // [r0, s0, r1, s1, ...]: each axis as its repeats and its own size, the repeats summed away.
  const unfolded = tf.reshape(
    dy,
    shape.flatMap((size, axis) => [repeats[axis]!, size]),
  )
  return tf.reshape(
    tf.sum(
      unfolded,
      shape.map((_, axis) => axis * 2),
    ),
    shape,
  )
}

/** The gradients of a kernel's outputs; tfjs hands over a lone one without its list. */
const listOf = (dy: Tensor | Tensor[]): Tensor[] => (Array.isArray(dy) ? dy : [dy])

const sliceGradient: GradConfig = {
  kernelName: 'Slice',
  inputsToSave: ['x'],
  gradFunc: (dy, saved, { begin, size }) => {
    const x = saved[0]!
    const [start, extent] = tf.slice_util.parseSliceParams(x, begin as number[], size as number[])
    const paddings = x.shape.map((length, axis): [number, number] => [
      start![axis]!,
      length - start![axis]! - extent![axis]!,
    ])
    return { x: () => tf.pad(dy as Tensor, paddings) }
  },
}

const concatGradient: GradConfig = {
  kernelName: 'Concat',
  saveAllInputs: true,
  gradFunc: (dy, saved, { axis }) => {
    const along = tf.util.parseAxisParam(axis as number, saved[0]!.shape)[0]!
    const sizes = saved.map(tensor => tensor.shape[along]!)
    const parts = tf.split(dy as Tensor, sizes, along)
    return Object.fromEntries(parts.map((part, i) => [i, () => part]))
  },
}

const packGradient: GradConfig = {
  kernelName: 'Pack',
  saveAllInputs: true,
  gradFunc: (dy, _saved, { axis }) => {
    const parts = tf.unstack(dy as Tensor, axis as number)
    return Object.fromEntries(parts.map((part, i) => [i, () => part]))
  },
}

/** Moves `axis` to the front, so that a gather along it is a gather of rows. */
function axisFirst(x: Tensor, axis: number): Tensor {
  const others = x.shape.map((_, i) => i).filter(i => i !== axis)
  return tf.transpose(x, [axis, ...others])
}

const gatherGradient: GradConfig = {
  kernelName: 'GatherV2',
  inputsToSave: ['x', 'indices'],
  gradFunc: (dy, saved, { axis, batchDims }) => {
    const [x, indices] = saved as [Tensor, Tensor]
    if (batchDims) throw new Error('The gradient of tf.gather with batchDims is not supported.')
    const along = tf.util.parseAxisParam(axis as number, x.shape)[0]!
    const gradient = (): Tensor => {
      // [before, indices, after] -> [indices, before, after], summed per index, and back.
      const before = x.shape.slice(0, along)
      const after = x.shape.slice(along + 1)
      const rows = axisFirst(tf.reshape(dy as Tensor, [...before, indices.size, ...after]), along)
      const summed = tf.unsortedSegmentSum(rows, tf.reshape(indices, [-1]) as tf.Tensor1D, x.shape[along]!)
      const back = x.shape.map((_, i) => (i < along ? i + 1 : i === along ? 0 : i))
      return tf.transpose(summed, back)
    }
    return { x: gradient, indices: () => tf.zeros(indices.shape) }
  },
}

/** The gradients of kernels that move values without changing them. */
export const layoutGradients: readonly GradConfig[] = [
  unaryGradient('Reshape', (dy, [x]) => tf.reshape(dy, x!.shape)),
  unaryGradient('ExpandDims', (dy, [input]) => tf.reshape(dy, input!.shape), { input: 'input' }),
  unaryGradient(
    'Transpose',
    (dy, _saved, { perm }) => tf.transpose(dy, tf.backend_util.getUndoAxesPermutation(perm as number[])),
    { save: 'nothing' },
  ),
  unaryGradient('Reverse', (dy, _saved, { dims }) => tf.reverse(dy, dims as number[]), { save: 'nothing' }),
  unaryGradient('Tile', (dy, [x], { reps }) => sumOfTiles(dy, x!.shape, reps as number[])),
  unaryGradient('BroadcastTo', (dy, [x]) => {
    const axes = tf.broadcast_util.getReductionAxes(x!.shape, dy.shape)
    return tf.reshape(axes.length > 0 ? tf.sum(dy, axes) : dy, x!.shape)
  }),
  unaryGradient('PadV2', (dy, [x], { paddings }) =>
    tf.slice(
      dy,
      (paddings as [number, number][]).map(([before]) => before),
      x!.shape,
    ),
  ),
  {
    kernelName: 'SplitV',
    gradFunc: (dy, _saved, { axis }) => ({ x: () => tf.concat(listOf(dy), axis as number) }),
  },
  {
    kernelName: 'Unpack',
    gradFunc: (dy, _saved, { axis }) => ({
      value: () => tf.stack(listOf(dy), axis as number),
    }),
  },
  sliceGradient,
  concatGradient,
  packGradient,
  gatherGradient,
  zeroGradient('OneHot', ['indices']),
]
