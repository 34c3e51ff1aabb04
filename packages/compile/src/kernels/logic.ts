import { filled } from '../graph/nodes'
import { binary, cast, expand, reshape, sameShape, unary, where } from '../graph/operators'
import type { Value } from '../graph/value'
import { lower } from './lower'

/** Booleans as whole numbers: ONNX orders no booleans. */
const ordered = (x: Value): Value => (x.type === 'bool' ? cast(x, 'int32') : x)

const COMPARISONS = {
  Equal: 'Equal',
  Less: 'Less',
  LessEqual: 'LessOrEqual',
  Greater: 'Greater',
  GreaterEqual: 'GreaterOrEqual',
} as const
for (const [kernel, op] of Object.entries(COMPARISONS)) {
  lower(kernel, ({ a, b }) => binary(op, ordered(a!), ordered(b!), 'bool'))
}
lower('NotEqual', ({ a, b }) => unary('Not', binary('Equal', ordered(a!), ordered(b!), 'bool')))

const truth = (x: Value): Value => cast(x, 'bool')
lower('LogicalAnd', ({ a, b }) => binary('And', truth(a!), truth(b!)))
lower('LogicalOr', ({ a, b }) => binary('Or', truth(a!), truth(b!)))
lower('LogicalNot', ({ x }) => unary('Not', truth(x!)))
lower('BitwiseAnd', ({ a, b }) => binary('BitwiseAnd', a!, b!))

const isFloat = (x: Value): boolean => x.type === 'float32'
const isInfinite = (x: Value): Value => unary('IsInf', x, 'bool')
const isNotANumber = (x: Value): Value => unary('IsNaN', x, 'bool')
lower('IsNan', ({ x }) => (isFloat(x!) ? isNotANumber(x!) : filled(0, x!.shape, 'bool')))
lower('IsInf', ({ x }) => (isFloat(x!) ? isInfinite(x!) : filled(0, x!.shape, 'bool')))
lower('IsFinite', ({ x }) =>
  isFloat(x!) ? unary('Not', binary('Or', isNotANumber(x!), isInfinite(x!))) : filled(1, x!.shape, 'bool'),
)

lower('Select', ({ condition, t, e }) => {
  const rank = t!.shape.length
  const perRow = condition!.shape.length === 1 && rank > 1 && !sameShape(condition!.shape, t!.shape)
  // One truth per row of the first axis.
  const chosen = perRow
    ? reshape(condition!, [condition!.shape[0]!, ...Array<number>(rank - 1).fill(1)])
    : condition!
  return expand(where(truth(chosen), t!, e!), t!.shape)
})

lower('ZerosLike', ({ x }) => filled(0, x!.shape, x!.type))
lower('OnesLike', ({ x }) => filled(1, x!.shape, x!.type))
