import { scalar } from '../graph/nodes'
import { add, mul, sub, unary } from '../graph/operators'
import { lower } from './lower'

lower<{ varianceEpsilon: number }>(
  'FusedBatchNorm',
  ({ x, mean, variance, offset, scale }, { varianceEpsilon }) => {
    const inverse = unary('Reciprocal', unary('Sqrt', add(variance!, scalar(varianceEpsilon))))
    // Two passes over x instead of four: what does not depend on it is put together first.
    const factor = scale ? mul(inverse, scale) : inverse
    const moved = mul(mean!, factor)
    const shifted = mul(x!, factor)
    return offset ? add(shifted, sub(offset, moved)) : sub(shifted, moved)
  },
)
