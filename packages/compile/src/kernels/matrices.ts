import { InvalidArgumentError } from '@mafjs/tensor'
import { broadcast_util } from '@tensorflow/tfjs-core'
import { matMul } from '../graph/mat-mul'
import { node } from '../graph/nodes'
import { add, cast, swapLastAxes } from '../graph/operators'
import type { Value } from '../graph/value'
import { type Activation, activate } from './activate'
import { lower } from './lower'

interface Transposes {
  transposeA?: boolean
  transposeB?: boolean
}

function multiply(a: Value, b: Value, { transposeA = false, transposeB = false }: Transposes): Value {
  const [rows, columns] = [a.shape.at(transposeA ? -2 : -1), b.shape.at(transposeB ? -1 : -2)]
  if (a.shape.length < 2 || b.shape.length < 2 || rows !== columns) {
    const shown = ({ shape }: Value, transposed: boolean): string =>
      `[${shape}]${transposed ? ' transposed' : ''}`
    throw new InvalidArgumentError({
      argument: 'a and b',
      rule: 'must be matrices, or stacks of them, whose inner lengths are the same',
      received: `${shown(a, transposeA)} and ${shown(b, transposeB)}`,
    })
  }
  if (a.type === 'float32' || b.type === 'float32') {
    return matMul(cast(a, 'float32'), cast(b, 'float32'), transposeA, transposeB)
  }
  // Whole numbers stay exact, which they would not be as floats.
  const [left, right] = [
    cast(transposeA ? swapLastAxes(a) : a, 'int32'),
    cast(transposeB ? swapLastAxes(b) : b, 'int32'),
  ]
  const leading = broadcast_util.assertAndGetBroadcastShape(left.shape.slice(0, -2), right.shape.slice(0, -2))
  const shape = [...leading, left.shape.at(-2)!, right.shape.at(-1)!]
  return cast(node('MatMul', [left, right], { shape, type: 'int32' }), a.type)
}

lower<Transposes>('BatchMatMul', ({ a, b }, transposes) => multiply(a!, b!, transposes))
lower<Transposes & Activation>('_FusedMatMul', ({ a, b, bias, preluActivationWeights }, options) => {
  const product = multiply(a!, b!, options)
  return activate(bias ? add(product, bias) : product, options, preluActivationWeights)
})
