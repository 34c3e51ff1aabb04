import { InvalidArgumentError } from '@mafjs/tensor'
import { backend_util, slice_util, util } from '@tensorflow/tfjs-core'
import { sizeOf } from '../graph/element-types'
import { integers, node, sizes } from '../graph/nodes'
import { concat, expand, pad, reshape, sameShape, slice, transpose } from '../graph/operators'
import type { Value } from '../graph/value'
import { lower } from './lower'

/** A shape whose -1 stands for what is left. */
function inferred(shape: readonly number[], size: number): number[] {
  const known = shape.reduce((product, length) => (length === -1 ? product : product * length), 1)
  return shape.map(length => (length === -1 ? size / known : length))
}

/** Whether a length is a product of some lengths. */
const isProductOf = (length: number, [first, ...others]: readonly number[]): boolean =>
  first === undefined
    ? length === 1
    : isProductOf(length, others) || (length % first === 0 && isProductOf(length / first, others))

lower<{ shape: number[] }>('Reshape', ({ x }, { shape }) => {
  const lengths = inferred(shape, sizeOf(x!.shape))
  const axis = shape.indexOf(-1)
  // A length that is made of none of the tensor's own has no name, should they be of any length: it stays open.
  const isOpen = axis >= 0 && !isProductOf(lengths[axis]!, x!.shape)
  return reshape(x!, lengths, isOpen ? axis : undefined)
})
lower<{ dim: number }>('ExpandDims', ({ input }, { dim }) => {
  const shape = [...input!.shape]
  if (dim < -(shape.length + 1)) {
    const rule = `must be in the interval [${-(shape.length + 1)}, ${shape.length}]`
    throw new InvalidArgumentError({ argument: 'axis', rule, received: dim })
  }
  shape.splice(dim < 0 ? shape.length + 1 + dim : dim, 0, 1)
  return reshape(input!, shape)
})
lower<{ perm: number[] }>('Transpose', ({ x }, { perm }) => transpose(x!, perm))

const axisOf = (axis: number, rank: number): number => (axis < 0 ? axis + rank : axis)
lower<{ axis: number }>('Concat', (inputs, { axis }) => {
  const parts = Object.values(inputs)
  const at = axisOf(axis, parts[0]!.shape.length)
  backend_util.assertParamsConsistent(
    parts.map(({ shape }) => [...shape]),
    at,
  )
  return concat(parts, at)
})
lower<{ axis: number }>('Pack', (inputs, { axis }) => {
  const parts = Object.values(inputs)
  const at = axisOf(axis, parts[0]!.shape.length + 1)
  for (const { shape, type } of parts) {
    if (sameShape(shape, parts[0]!.shape) && type === parts[0]!.type) continue
    throw new InvalidArgumentError({
      argument: 'tensors',
      rule: `must all be ${parts[0]!.type} [${parts[0]!.shape}], to be stacked`,
      received: `${type} [${shape}]`,
    })
  }
  return concat(
    parts.map(part => reshape(part, [...part.shape.slice(0, at), 1, ...part.shape.slice(at)])),
    at,
  )
})

/** One slice of `length` from `begin` along an axis, the others whole. */
function along(x: Value, axis: number, begin: number, length: number): Value {
  const at = (value: number, other: readonly number[]): number[] =>
    other.map((o, i) => (i === axis ? value : o))
  return slice(
    x,
    at(
      begin,
      x.shape.map(() => 0),
    ),
    at(length, x.shape),
  )
}

lower<{ axis: number }>('Unpack', ({ value }, { axis }) => {
  const at = axisOf(axis, value!.shape.length)
  const shape = value!.shape.filter((_, i) => i !== at)
  return Array.from({ length: value!.shape[at]! }, (_, i) => reshape(along(value!, at, i, 1), shape))
})
lower<{ numOrSizeSplits: number | number[]; axis: number }>('SplitV', ({ x }, { numOrSizeSplits, axis }) => {
  const at = axisOf(axis, x!.shape.length)
  let begin = 0
  const lengths = backend_util.prepareSplitSize({ shape: [...x!.shape] } as never, numOrSizeSplits, at)
  return lengths.map(length => {
    const part = along(x!, at, begin, length)
    begin += length
    return part
  })
})
lower<{ begin: number | number[]; size: number | number[] }>('Slice', ({ x }, { begin, size }) => {
  const like = { shape: [...x!.shape], rank: x!.shape.length } as never
  const [from, lengths] = slice_util.parseSliceParams(like, begin, size) as [number[], number[]]
  slice_util.assertParamsValid(like, from, lengths)
  return slice(x!, from, lengths)
})

/** The attributes of tf.stridedSlice. */
interface StridedSlice {
  begin: number[]
  end: number[]
  strides: number[]
  beginMask: number
  endMask: number
  ellipsisMask: number
  newAxisMask: number
  shrinkAxisMask: number
}
lower<StridedSlice>('StridedSlice', ({ x }, options) => {
  const { begin, end, strides, beginMask, endMask, ellipsisMask, newAxisMask, shrinkAxisMask } = options
  const plan = slice_util.sliceInfo(
    [...x!.shape],
    begin,
    end,
    strides,
    beginMask,
    endMask,
    ellipsisMask,
    newAxisMask,
    shrinkAxisMask,
  )
  if (plan.isIdentity) return reshape(x!, plan.finalShape)
  if (plan.strides.every(stride => stride > 0)) {
    const lengths = lengthsOf(plan)
    return reshape(
      slice(x!, plan.begin, lengths, plan.strides),
      plan.finalShape.map(length => Math.max(length, 0)),
    )
  }
  const lengths = lengthsOf(plan)
  // A place before the first one, which ONNX would count from the end.
  const ends = plan.end.map((at, axis) => (plan.strides[axis]! < 0 && at < 0 ? BEFORE_ALL : at))
  const inputs = [
    x!,
    sizes(plan.begin),
    sizes(ends),
    integers(ends.map((_, axis) => axis)),
    integers(plan.strides),
  ]
  return reshape(node('Slice', inputs, { shape: lengths, type: x!.type }), plan.finalShape)
})

/** The lengths of a strided slice; tfjs gives an empty axis length -0. */
const lengthsOf = ({ begin, end, strides }: Pick<StridedSlice, 'begin' | 'end' | 'strides'>): number[] =>
  slice_util.computeOutShape(begin, end, strides).map(length => Math.max(length, 0))

const BEFORE_ALL = -0x80000000

lower<{ dims: number | number[] }>('Reverse', ({ x }, { dims }) => {
  const axes = util.parseAxisParam(dims, [...x!.shape])
  if (axes.length === 0 || x!.shape.length === 0) return x!
  const each = (value: number): Value => integers(axes.map(() => value))
  return node('Slice', [x!, each(-1), each(BEFORE_ALL), integers(axes), each(-1)], {
    shape: x!.shape,
    type: x!.type,
  })
})

lower<{ reps: number[] }>('Tile', ({ x }, { reps }) => {
  const shape = x!.shape.map((length, axis) => length * reps[axis]!)
  // Repeating one number along an axis is broadcasting it.
  if (x!.shape.every((length, axis) => length === 1 || reps[axis] === 1)) return expand(x!, shape)
  return node('Tile', [x!, sizes(reps)], { shape, type: x!.type })
})

lower<{ paddings: [number, number][]; constantValue: number }>(
  'PadV2',
  ({ x }, { paddings, constantValue }) => pad(x!, paddings, constantValue),
)
lower<{ paddings: [number, number][]; mode: 'reflect' | 'symmetric' }>(
  'MirrorPad',
  ({ x }, { paddings, mode }) =>
    paddings.reduce((padded, [before, after], axis) => mirrored(padded, axis, before, after, mode), x!),
)

/** Pads one axis with its own mirror image; `reflect` leaves out the edge itself. */
function mirrored(
  x: Value,
  axis: number,
  before: number,
  after: number,
  mode: 'reflect' | 'symmetric',
): Value {
  const edge = mode === 'reflect' ? 1 : 0
  const length = x.shape[axis]!
  const reversed = (part: Value): Value =>
    node('Slice', [part, integers([-1]), integers([BEFORE_ALL]), integers([axis]), integers([-1])], {
      shape: part.shape,
      type: part.type,
    })
  const parts = [
    ...(before > 0 ? [reversed(along(x, axis, edge, before))] : []),
    x,
    ...(after > 0 ? [reversed(along(x, axis, length - edge - after, after))] : []),
  ]
  return concat(parts, axis)
}
