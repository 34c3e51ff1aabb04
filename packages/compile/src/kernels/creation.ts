import type { DataType } from '@tensorflow/tfjs-core'
import { CompileError } from '../graph/compile-error'
import { type ElementType, isElementType, numbersOf } from '../graph/element-types'
import { constant, filled, node, scalar, sizes } from '../graph/nodes'
import { add, cast, mul, reshape } from '../graph/operators'
import type { Value } from '../graph/value'
import { lower } from './lower'

lower<{ shape: number[]; value: number | string; dtype?: DataType }>('Fill', (_, { shape, value, dtype }) => {
  const type = dtype ?? 'float32'
  if (typeof value === 'number' && isElementType(type)) return filled(value, shape, type)
  throw new CompileError({
    what: `tf.fill was asked for ${type} ${JSON.stringify(value)}`,
    fix: 'The onnx backend knows float32, int32 and bool: keep strings in JavaScript.',
  })
})

/** 0, 1, ... count - 1, where the count may be a symbolic dimension. */
export function range(count: number, type: ElementType): Value {
  const inputs = [scalar(0, 'int64'), reshape(sizes([count]), []), scalar(1, 'int64')]
  return cast(node('Range', inputs, { shape: [count], type: 'int64' }), type)
}

lower<{ start: number; stop: number; step: number; dtype: ElementType }>(
  'Range',
  (_, { start, stop, step, dtype }) => {
    const isEmpty = start === stop || (start < stop && step < 0) || (stop < start && step > 1)
    const count = isEmpty ? 0 : Math.ceil(Math.abs((stop - start) / step))
    const by = stop < start && step === 1 ? -1 : step
    if ([start, by].every(Number.isInteger))
      return add(mul(range(count, dtype), scalar(by, dtype)), scalar(start, dtype))
    // tfjs adds the step again and again.
    const values = new Float32Array(count)
    for (let i = 0; i < count; i++) values[i] = i === 0 ? start : values[i - 1]! + by
    return constant(numbersOf(dtype, values), [count], dtype)
  },
)

lower<{ start: number; stop: number; num: number }>('LinSpace', (_, { start, stop, num }) => {
  const step = (stop - start) / (num - 1)
  const values = Float32Array.from({ length: num }, (_, i) =>
    i === 0 ? start : i === num - 1 ? stop : start + i * step,
  )
  return constant(values, [num], 'float32')
})
