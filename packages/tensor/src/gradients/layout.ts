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

/**
 * Zeros behind a tensor up to a length. They are cut off others, so that how many is not a number of the program: a table of
 * positions is read as far as texts are long.
 */
function upTo(x: Tensor, shape: number[], axis: number): Tensor {
  const begin = shape.map((_, each) => (each === axis ? x.shape[axis]! : 0))
  return tf.concat([x, tf.slice(tf.fill(shape, 0, x.dtype as 'float32'), begin)], axis)
}

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
    const padded = paddings.flatMap(([before, after], axis) => (before + after > 0 ? [axis] : []))
    const [axis] = padded
    return {
      x: () =>
        axis !== undefined && padded.length === 1 && start![axis] === 0
          ? upTo(dy as Tensor, x.shape, axis)
          : tf.pad(dy as Tensor, paddings),
    }
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

const sizeOf = (shape: readonly number[]): number => shape.reduce((size, length) => size * length, 1)

const gatherGradient: GradConfig = {
  kernelName: 'GatherV2',
  inputsToSave: ['x', 'indices'],
  gradFunc: (dy, saved, { axis, batchDims }) => {
    const [x, indices] = saved as [Tensor, Tensor]
    const along = tf.util.parseAxisParam(axis as number, x.shape)[0]!
    const batchAxes = (batchDims as number | undefined) ?? 0
    const gradient = (): Tensor => {
      const batches = sizeOf(x.shape.slice(0, batchAxes))
      const before = sizeOf(x.shape.slice(batchAxes, along))
      const after = sizeOf(x.shape.slice(along + 1))
      const rows = x.shape[along]!
      const perBatch = sizeOf(indices.shape.slice(batchAxes))
      // [batches, before, rows, after] <-> [batches, rows, before, after], so that a gather is one of rows.
      const swapped = (tensor: Tensor): Tensor => (before === 1 ? tensor : tf.transpose(tensor, [0, 2, 1, 3]))
      const taken = swapped(tf.reshape(dy as Tensor, [batches, before, perBatch, after]))
      // Each batch has rows of its own: places count on from batch to batch.
      const counted = (): Tensor => {
        const starts = tf.mul(tf.range(0, batches, 1, 'int32'), tf.scalar(rows, 'int32'))
        return tf.add(tf.reshape(indices, [batches, perBatch]), tf.reshape(starts, [batches, 1]))
      }
      const places = batches === 1 ? indices : counted()
      const summed = tf.unsortedSegmentSum(
        tf.reshape(taken, [batches * perBatch, before * after]),
        tf.reshape(places, [batches * perBatch]) as tf.Tensor1D,
        batches * rows,
      )
      return tf.reshape(swapped(tf.reshape(summed, [batches, rows, before, after])), x.shape)
    }
    return { x: gradient, indices: () => tf.zeros(indices.shape) }
  },
}

/** Every row has the gradient of its segment; one whose id is outside has none. */
const segmentSumGradient: GradConfig = {
  kernelName: 'UnsortedSegmentSum',
  inputsToSave: ['segmentIds'],
  gradFunc: (dy, saved, { numSegments }) => {
    const ids = tf.cast(saved[0]!, 'int32')
    const gradient = (): Tensor => {
      const inside = tf.cast(
        tf.logicalAnd(tf.greaterEqual(ids, 0), tf.less(ids, numSegments as number)),
        'int32',
      )
      const rows = tf.gather(dy as Tensor, tf.mul(ids, inside))
      const inner = (dy as Tensor).shape.slice(1).map(() => 1)
      return tf.mul(rows, tf.reshape(tf.cast(inside, 'float32'), [...ids.shape, ...inner]))
    }
    return { x: gradient, segmentIds: () => tf.zeros(ids.shape) }
  },
}

/** What a mirror shows along one axis is added, turned round, to where it stands. */
function unmirrored(dy: Tensor, axis: number, [before, after]: [number, number], edge: number): Tensor {
  const length = dy.shape[axis]! - before - after
  const part = (from: number, count: number): Tensor =>
    tf.slice(
      dy,
      dy.shape.map((_, i) => (i === axis ? from : 0)),
      dy.shape.map((all, i) => (i === axis ? count : all)),
    )
  const placed = (image: Tensor, at: number): Tensor =>
    tf.pad(
      tf.reverse(image, axis),
      dy.shape.map((_, i): [number, number] =>
        i === axis ? [at, length - at - image.shape[axis]!] : [0, 0],
      ),
    )
  return [
    ...(before > 0 ? [placed(part(0, before), edge)] : []),
    ...(after > 0 ? [placed(part(before + length, after), length - edge - after)] : []),
  ].reduce((sum, image) => tf.add(sum, image), part(before, length))
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
  // tfjs's own gives none to what a mirror shows.
  unaryGradient(
    'MirrorPad',
    (dy, _saved, { paddings, mode }) =>
      (paddings as [number, number][]).reduce(
        (gradient, widths, axis) =>
          unmirrored(gradient, axis, widths, (mode as unknown) === 'reflect' ? 1 : 0),
        dy,
      ),
    { save: 'nothing' },
  ),
  sliceGradient,
  concatGradient,
  packGradient,
  gatherGradient,
  segmentSumGradient,
  zeroGradient('OneHot', ['indices']),
]
