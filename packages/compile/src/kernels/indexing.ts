import { backend_util, gather_util, type Tensor, util } from '@tensorflow/tfjs-core'
import { type ElementType, sizeOf } from '../graph/element-types'
import { node, nodes, scalar, sizes } from '../graph/nodes'
import { add, binary, cast, gather, mul, reshape, transpose, where } from '../graph/operators'
import type { Value } from '../graph/value'
import { range } from './creation'
import { lower } from './lower'

/** What tfjs's own checks of shapes look at. */
const like = ({ shape }: Value): Tensor =>
  ({ shape: [...shape], rank: shape.length, dtype: 'int32' }) as never

lower<{ axis: number; batchDims?: number }>('GatherV2', ({ x, indices }, { axis, batchDims = 0 }) => {
  const [along] = util.parseAxisParam(axis, [...x!.shape]) as [number]
  const places = cast(indices!, 'int32')
  backend_util.segment_util.collectGatherOpShapeInfo(like(x!), like(indices!), along, batchDims)
  if (batchDims === 0) return gather(x!, places, along)
  // Each batch has places of its own: rows of all batches lie under each other, and places count on from batch to batch.
  const batches = x!.shape.slice(0, batchDims)
  const count = sizeOf(batches)
  const outer = x!.shape.slice(batchDims, along)
  const inner = x!.shape.slice(along + 1)
  const rows = x!.shape[along]!
  const ownPlaces = indices!.shape.slice(batchDims)
  const perBatch = reshape(x!, [count, sizeOf(outer), rows, sizeOf(inner)])
  const stacked = reshape(transpose(perBatch, [0, 2, 1, 3]), [count * rows, sizeOf(outer), sizeOf(inner)])
  const starts = reshape(mul(range(count, 'int32'), scalar(rows, 'int32')), [count, 1])
  const taken = gather(stacked, add(reshape(places, [count, sizeOf(ownPlaces)]), starts), 0)
  return reshape(transpose(taken, [0, 2, 1, 3]), [...batches, ...outer, ...ownPlaces, ...inner])
})

lower('GatherNd', ({ params, indices }) => {
  gather_util.prepareAndValidate(like(params!), like(indices!))
  const depth = indices!.shape.at(-1)!
  const shape = [...indices!.shape.slice(0, -1), ...params!.shape.slice(depth)]
  return node('GatherND', [params!, cast(indices!, 'int64')], { shape, type: params!.type })
})

lower<{ depth: number; onValue: number; offValue: number; dtype?: ElementType }>(
  'OneHot',
  ({ indices }, { depth, onValue, offValue, dtype = 'float32' }) => {
    const places = reshape(indices!, [...indices!.shape, 1])
    const isThere = binary('Equal', places, range(depth, 'int32'), 'bool')
    return where(isThere, scalar(onValue, dtype), scalar(offValue, dtype))
  },
)

// Sorted always: of equal numbers the first come first then, as in tfjs.
lower<{ k: number }>('TopK', ({ x }, { k }) => {
  const shape = [...x!.shape.slice(0, -1), k]
  const [values, places] = nodes(
    'TopK',
    [x!, sizes([k])],
    [
      { shape, type: x!.type },
      { shape, type: 'int64' },
    ],
    { attributes: { axis: -1, largest: 1, sorted: 1 } },
  )
  return [values!, cast(places!, 'int32')]
})
