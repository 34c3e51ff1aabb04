import { broadcast_util } from '@tensorflow/tfjs-core'
import { type ElementType, sizeOf } from './element-types'
import { constant, filled, integers, node, producerOf, scalar, sizes, uniformValue } from './nodes'
import {
  inverse,
  movesChannelsLast,
  type Permutation,
  permuted,
  reshapeEarlier,
  samePermutation,
} from './permutations'
import type { Attribute, Value } from './value'

const sameShape = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((length, axis) => length === b[axis])

const broadcastShape = (a: readonly number[], b: readonly number[]): number[] =>
  broadcast_util.assertAndGetBroadcastShape([...a], [...b])

/** The smallest value that broadcasts to the same numbers: elementwise operators need no more. */
function compact(x: Value): Value {
  const expand = producerOf(x, 'Expand')
  if (expand) return expand.inputs[0]!
  if (x.source.kind === 'filled') return scalar(x.source.value, x.type)
  return x
}

/** Broadcasts to a shape; elementwise operators look through it. */
export function expand(x: Value, shape: readonly number[]): Value {
  if (sameShape(x.shape, shape)) return x
  const uniform = uniformValue(x)
  if (uniform !== undefined) return filled(uniform, shape, x.type)
  return node('Expand', [compact(x), sizes(shape)], { shape, type: x.type })
}

/**
 * The transposition a value ends with. Operators that do not care for the order of axes work before it, so that
 * transpositions meet and cancel: a network of convolutions keeps ONNX's layout inside.
 */
function ending(x: Value): { before: Value; permutation: Permutation } | undefined {
  const { inputs, attributes } = producerOf(x, 'Transpose') ?? {}
  return inputs && { before: inputs[0]!, permutation: attributes!['perm'] as Permutation }
}

/** The same for the way back from ONNX's layout of pictures: only there is it sure that others will follow. */
function endingChannelsLast(x: Value): ReturnType<typeof ending> {
  const end = ending(x)
  return end && movesChannelsLast(end.permutation) ? end : undefined
}

/** An elementwise operator of one operand. */
export function unary(
  op: string,
  x: Value,
  type: ElementType = x.type,
  attributes?: Record<string, Attribute>,
): Value {
  return elementwise(op, [x], type, attributes)
}

/** An elementwise operator of several operands under broadcasting. */
export function elementwise(
  op: string,
  operands: readonly Value[],
  type: ElementType,
  attributes?: Record<string, Attribute>,
): Value {
  const small = operands.map(compact)
  const shape = small.map(x => x.shape).reduce<readonly number[]>(broadcastShape, [])
  const order = commonOrder(small, shape)
  const result = order
    ? transpose(
        node(
          op,
          small.map(x => reordered(x, order)),
          { shape: permuted(shape, inverse(order)), type },
          { attributes },
        ),
        order,
      )
    : node(op, small, { shape, type }, { attributes })
  return expand(result, operands.map(x => x.shape).reduce<readonly number[]>(broadcastShape, []))
}

/** The transposition to do after an operator instead of before it, where that costs no more. */
function commonOrder(operands: readonly Value[], shape: readonly number[]): Permutation | undefined {
  const cost = (values: readonly Value[]): number =>
    values.reduce((sum, x) => sum + (producerOf(x, 'Transpose') ? sizeOf(x.shape) : 0), 0)
  let best: Permutation | undefined
  let least = cost(operands)
  for (const operand of operands) {
    const order = sameShape(operand.shape, shape) ? ending(operand)?.permutation : undefined
    if (!order) continue
    const moved = cost(operands.map(x => reordered(x, order)))
    if (moved < least || (moved === least && !best && movesChannelsLast(order))) {
      best = order
      least = moved
    }
  }
  return best
}

/** An operand as it must be before a transposition of the result. */
function reordered(x: Value, order: Permutation): Value {
  if (sizeOf(x.shape) === 1) return x
  const missing = order.length - x.shape.length
  return transpose(reshape(x, [...Array<number>(missing).fill(1), ...x.shape]), inverse(order))
}

/** An elementwise operator of two operands under broadcasting. */
export const binary = (op: string, a: Value, b: Value, type: ElementType = a.type): Value =>
  elementwise(op, [a, b], type)

const broadcast = (x: Value, other: Value): Value => expand(x, broadcastShape(x.shape, other.shape))

/** Sum; adding zero is nothing. */
export function add(a: Value, b: Value): Value {
  if (uniformValue(b) === 0) return broadcast(a, b)
  if (uniformValue(a) === 0) return broadcast(b, a)
  return binary('Add', a, b)
}

/** Difference; subtracting zero is nothing. */
export const sub = (a: Value, b: Value): Value =>
  uniformValue(b) === 0 ? broadcast(a, b) : binary('Sub', a, b)

/** Product; a factor of one is nothing. */
export function mul(a: Value, b: Value): Value {
  if (uniformValue(b) === 1) return broadcast(a, b)
  if (uniformValue(a) === 1) return broadcast(b, a)
  return binary('Mul', a, b)
}

/** Quotient of floats; dividing by one is nothing. */
export const div = (a: Value, b: Value): Value =>
  uniformValue(b) === 1 ? broadcast(a, b) : binary('Div', a, b)

/** Where `condition`, `a`, else `b`. */
export function where(condition: Value, a: Value, b: Value): Value {
  if (a.type !== 'bool') return elementwise('Where', [condition, a, b], a.type)
  // ONNX Runtime chooses between numbers only.
  return cast(where(condition, cast(a, 'int32'), cast(b, 'int32')), 'bool')
}

/** Converts elements; a constant is converted at once. */
export function cast(x: Value, type: ElementType): Value {
  if (x.type === type) return x
  if (x.source.kind === 'filled') {
    const { value } = x.source
    const converted = type === 'bool' ? Number(value !== 0) : type === 'float32' ? value : Math.trunc(value)
    return filled(converted, x.shape, type)
  }
  return unary('Cast', x, type, { to: { type } })
}

/**
 * The same numbers under another shape.
 *
 * @param open the axis whose length is left to be computed from the others' when the program runs @default none
 */
export function reshape(x: Value, shape: readonly number[], open?: number): Value {
  if (sameShape(x.shape, shape)) return x
  if (x.source.kind === 'filled') return filled(x.source.value, shape, x.type)
  if (x.source.kind === 'constant') return constant(x.source.data, shape, x.type)
  if (x.source.kind === 'host') return { shape, type: x.type, source: x.source }
  const before = producerOf(x, 'Reshape')?.inputs[0]
  if (before) return reshape(before, shape, open)
  const end = ending(x)
  const earlier = end && open === undefined && reshapeEarlier(x.shape, end.permutation, shape)
  if (earlier) return transpose(reshape(end.before, earlier.shape), earlier.permutation)
  const stated = shape.map((length, axis) => (axis === open ? -1 : length))
  return node('Reshape', [x, sizes(stated)], { shape, type: x.type })
}

/** Permutes axes; two in a row become one. */
export function transpose(x: Value, permutation: Permutation): Value {
  if (permutation.every((from, to) => from === to)) return x
  const shape = permuted(x.shape, permutation)
  if (x.source.kind === 'filled') return filled(x.source.value, shape, x.type)
  const end = ending(x)
  if (end) return transpose(end.before, permuted(end.permutation, permutation))
  // Moving axes of length one is no more than a new shape.
  const moved = permutation.filter(axis => x.shape[axis] !== 1)
  if (moved.every((axis, i) => i === 0 || axis > moved[i - 1]!)) return reshape(x, shape)
  const small = producerOf(x, 'Expand')?.inputs[0]
  if (small) return expand(reordered(small, inverse(permutation)), shape)
  return node('Transpose', [x], { shape, type: x.type }, { attributes: { perm: permutation } })
}

/** Exchanges the last two axes. */
export function swapLastAxes(x: Value): Value {
  const rank = x.shape.length
  return transpose(x, [...Array.from({ length: rank - 2 }, (_, axis) => axis), rank - 1, rank - 2])
}

/** Past the end of any axis. */
const FAR = 0x7fffffff

/** The block of `lengths` numbers from `begin` along every axis, every `strides`-th of them. */
export function slice(
  x: Value,
  begin: readonly number[],
  lengths: readonly number[],
  strides: readonly number[] = begin.map(() => 1),
): Value {
  if (sameShape(lengths, x.shape) && begin.every(at => at === 0) && strides.every(by => by === 1)) return x
  // How much is left behind a length that may change is no number of the program.
  if (x.source.kind === 'filled' && begin.every(at => at === 0)) {
    return filled(x.source.value, lengths, x.type)
  }
  const end = endingChannelsLast(x)
  if (end) {
    const [from, many, by] = [begin, lengths, strides].map(list => permuted(list, inverse(end.permutation)))
    return transpose(slice(end.before, from!, many!, by), end.permutation)
  }
  const cut = lengths
    .map((_, axis) => axis)
    .filter(axis => lengths[axis] !== x.shape[axis] || strides[axis] !== 1)
  // To the end of an axis is to the end of it whatever its length.
  const ends = cut.map(axis => {
    const end = begin[axis]! + (lengths[axis]! - 1) * strides[axis]! + 1
    return end === x.shape[axis] ? FAR : end
  })
  const inputs = [
    x,
    sizes(cut.map(axis => begin[axis]!)),
    sizes(ends),
    integers(cut),
    ...(strides.some(by => by !== 1) ? [integers(cut.map(axis => strides[axis]!))] : []),
  ]
  return node('Slice', inputs, { shape: lengths, type: x.type })
}

/** Joins along an axis. */
export function concat(parts: readonly Value[], axis: number): Value {
  const filledParts = parts.filter(part => part.shape[axis] !== 0)
  const first = filledParts[0] ?? parts[0]!
  if (filledParts.length <= 1) return first
  const end = endingChannelsLast(first)
  const befores = filledParts.map(part => {
    const own = ending(part)
    return own && end && samePermutation(own.permutation, end.permutation) ? own.before : undefined
  })
  if (end && befores.every(before => before !== undefined)) {
    return transpose(concat(befores, end.permutation[axis]!), end.permutation)
  }
  const shape = first.shape.map((length, i) =>
    i === axis ? filledParts.reduce((sum, part) => sum + part.shape[axis]!, 0) : length,
  )
  return node('Concat', filledParts, { shape, type: first.type }, { attributes: { axis } })
}

/** Pads with a number: `[before, after]` along every axis. */
export function pad(x: Value, paddings: readonly (readonly [number, number])[], value = 0): Value {
  if (paddings.every(([before, after]) => before === 0 && after === 0)) return x
  const end = endingChannelsLast(x)
  if (end) {
    return transpose(pad(end.before, permuted(paddings, inverse(end.permutation)), value), end.permutation)
  }
  const shape = x.shape.map((length, axis) => length + paddings[axis]![0] + paddings[axis]![1])
  const amounts = sizes([...paddings.map(([before]) => before), ...paddings.map(([, after]) => after)])
  return node('Pad', [x, amounts, scalar(value, x.type)], { shape, type: x.type })
}

/** A reduction such as `ReduceSum` along axes, which stay with length one where `keepDims` is set. */
export function reduce(op: string, x: Value, axes: readonly number[], keepDims = false): Value {
  if (axes.length === 0) return x
  const gone = new Set(axes)
  const kept = x.shape.map((length, axis) => (gone.has(axis) ? 1 : length))
  const shape = keepDims ? kept : x.shape.filter((_, axis) => !gone.has(axis))
  const uniform = uniformValue(x)
  if (op === 'ReduceSum' && uniform === 0) return filled(0, shape, x.type)
  // Every axis of length one: nothing to reduce.
  if (axes.every(axis => x.shape[axis] === 1) && /Sum|Mean|Max|Min|Prod/.test(op)) return reshape(x, shape)
  const end = ending(x)
  if (end) {
    const before = axes.map(axis => end.permutation[axis]!)
    const rest = end.permutation.filter((_, axis) => !gone.has(axis))
    if (!keepDims && rest.every((axis, i) => i === 0 || axis > rest[i - 1]!))
      return reduce(op, end.before, before)
    return reshape(transpose(reduce(op, end.before, before, true), end.permutation), shape)
  }
  return node(
    op,
    [x, integers(axes)],
    { shape, type: x.type },
    { attributes: { keepdims: keepDims ? 1 : 0 } },
  )
}

/** Rows of `x` along `axis` at integer places of any shape. */
export function gather(x: Value, indices: Value, axis: number): Value {
  const shape = [...x.shape.slice(0, axis), ...indices.shape, ...x.shape.slice(axis + 1)]
  return node('Gather', [x, indices], { shape, type: x.type }, { attributes: { axis } })
}

/** Whether two shapes are the same. */
export { sameShape, sizeOf }
