import { scatter_util } from '@tensorflow/tfjs-core'
import { type ElementType, sizeOf } from '../graph/element-types'
import { filled, integers, node, scalar, sizes } from '../graph/nodes'
import { add, binary, cast, expand, mul, reshape, slice } from '../graph/operators'
import type { Value } from '../graph/value'
import { lower } from './lower'

/**
 * Zeros that are made when the program runs: of a constant as large as an embedding ONNX Runtime would keep a copy for as
 * long as the session lives. Their shape is bound to a value whose numbers are not known before.
 */
function zerosBeside(value: Value, shape: readonly number[], type: ElementType = 'float32'): Value {
  const first = slice(reshape(value, [sizeOf(value.shape)]), [0], [1])
  const lengths = binary('Add', sizes(shape), binary('Mul', cast(first, 'int64'), integers([0])))
  return cast(node('ConstantOfShape', [lengths], { shape, type: 'float32' }), type)
}

/**
 * Adds rows `[count, inner]` into `[length, inner]` zeros, each at its place `[count]`.
 *
 * ScatterND would take a place for each row, but its threads add into one row at the same time, and sums are lost.
 */
function addRows(places: Value, rows: Value, length: number): Value {
  const [count, inner] = rows.shape as [number, number]
  const shape = [length, inner]
  if (count * inner === 0) return filled(0, shape, rows.type)
  const each = expand(reshape(places, [count, 1]), [count, inner])
  const inputs = [zerosBeside(places, shape, rows.type), each, rows]
  return node(
    'ScatterElements',
    inputs,
    { shape, type: rows.type },
    { attributes: { axis: 0, reduction: 'add' } },
  )
}

const counted = (x: Value): Value => (x.type === 'bool' ? cast(x, 'int32') : x)

lower<{ shape: number[] }>('ScatterNd', ({ indices, updates }, { shape }) => {
  const [like, places] = [updates!, indices!].map(x => ({
    shape: [...x.shape],
    rank: x.shape.length,
  })) as never[]
  const { sliceRank, numUpdates, sliceSize, strides, outputSize } = scatter_util.calculateShapes(
    like!,
    places!,
    shape,
  )
  const inner = Math.max(sliceSize, 1)
  const split = reshape(indices!, [numUpdates, sliceRank])
  // One number for the place of every slice.
  const place = strides
    .slice(0, sliceRank)
    .map((count, axis) =>
      mul(reshape(slice(split, [0, axis], [numUpdates, 1]), [numUpdates]), scalar(count, 'int32')),
    )
    .reduce(add)
  return reshape(addRows(place, reshape(counted(updates!), [numUpdates, inner]), outputSize / inner), shape)
})

// The gradient of an embedding: rows whose id is outside belong to no segment. Sums are floats, as in tfjs.
lower<{ numSegments: number }>('UnsortedSegmentSum', ({ x, segmentIds }, { numSegments }) => {
  const inner = x!.shape.slice(segmentIds!.shape.length)
  const count = sizeOf(segmentIds!.shape)
  const ids = reshape(segmentIds!, [count, 1])
  const isIn = binary(
    'And',
    binary('GreaterOrEqual', ids, scalar(0, 'int32'), 'bool'),
    binary('Less', ids, scalar(numSegments, 'int32'), 'bool'),
  )
  const rows = reshape(cast(x!, 'float32'), [count, sizeOf(inner)])
  const places = mul(ids, cast(isIn, 'int32'))
  return reshape(addRows(places, mul(rows, cast(isIn, 'float32')), numSegments), [numSegments, ...inner])
})
