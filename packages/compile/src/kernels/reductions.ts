import { util } from '@tensorflow/tfjs-core'
import { numbersOf } from '../graph/element-types'
import { constant, node, scalar } from '../graph/nodes'
import { cast, reduce, unary, where } from '../graph/operators'
import type { Value } from '../graph/value'
import { toFloat } from './elementwise'
import { lower } from './lower'

/** How tfjs says along which axes. */
interface Axes {
  axis?: number | number[]
  keepDims?: boolean
}

const axesOf = (x: Value, axis: number | number[] | undefined): number[] =>
  util.parseAxisParam(axis ?? x.shape.map((_, i) => i), [...x.shape])

const counted = (x: Value): Value => (x.type === 'bool' ? cast(x, 'int32') : x)

lower<Axes>('Sum', ({ x }, { axis, keepDims }) =>
  reduce('ReduceSum', counted(x!), axesOf(x!, axis), keepDims),
)
lower<Axes>('Prod', ({ x }, { axis, keepDims }) =>
  reduce('ReduceProd', counted(x!), axesOf(x!, axis), keepDims),
)
// This one kernel has another name for its axes.
lower<Pick<Axes, 'keepDims'> & { reductionIndices: Axes['axis'] }>(
  'Max',
  ({ x }, { reductionIndices, keepDims }) =>
    reduce('ReduceMax', counted(x!), axesOf(x!, reductionIndices), keepDims),
)
lower<Axes>('Min', ({ x }, { axis, keepDims }) =>
  reduce('ReduceMin', counted(x!), axesOf(x!, axis), keepDims),
)
lower<Axes>('Mean', ({ x }, { axis, keepDims }) =>
  reduce('ReduceMean', toFloat(x!), axesOf(x!, axis), keepDims),
)
lower<Axes>('All', ({ x }, { axis, keepDims }) =>
  cast(reduce('ReduceMin', cast(x!, 'int32'), axesOf(x!, axis), keepDims), 'bool'),
)
lower<Axes>('Any', ({ x }, { axis, keepDims }) =>
  cast(reduce('ReduceMax', cast(x!, 'int32'), axesOf(x!, axis), keepDims), 'bool'),
)

for (const kernel of ['ArgMax', 'ArgMin']) {
  lower<{ axis: number | number[] }>(kernel, ({ x }, { axis }) => {
    const [along] = util.parseAxisParam(axis, [...x!.shape]) as [number]
    const shape = x!.shape.filter((_, i) => i !== along)
    // NaN is neither the greatest nor the least.
    const worst = scalar(kernel === 'ArgMax' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY)
    const ranked = x!.type === 'float32' ? where(unary('IsNaN', x!, 'bool'), worst, x!) : counted(x!)
    const places = node(
      kernel,
      [ranked],
      { shape, type: 'int64' },
      { attributes: { axis: along, keepdims: 0 } },
    )
    return cast(places, 'int32')
  })
}

lower<{ axis: number; exclusive: boolean; reverse: boolean }>(
  'Cumsum',
  ({ x }, { axis, exclusive, reverse }) =>
    node(
      'CumSum',
      [counted(x!), constant(numbersOf('int64', [axis]), [], 'int64')],
      { shape: x!.shape, type: counted(x!).type },
      { attributes: { exclusive: Number(exclusive ?? false), reverse: Number(reverse ?? false) } },
    ),
)

lower<{ dim: number }>('Softmax', ({ logits }, { dim }) => {
  const x = toFloat(logits!)
  const axis = dim < 0 ? dim + x.shape.length : dim
  return node('Softmax', [x], { shape: x.shape, type: 'float32' }, { attributes: { axis } })
})
