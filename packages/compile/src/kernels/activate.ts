import { CompileError } from '../graph/compile-error'
import { scalar } from '../graph/nodes'
import { binary, mul, unary, where } from '../graph/operators'
import type { Value } from '../graph/value'
import { clip } from './elementwise'

/** The activation that fused kernels of tfjs end with. */
export interface Activation {
  activation?: string
  leakyreluAlpha?: number
}

/** Applies the activation of a fused kernel. */
export function activate(
  x: Value,
  { activation = 'linear', leakyreluAlpha = 0.2 }: Activation,
  slope?: Value,
): Value {
  switch (activation) {
    case 'linear':
      return x
    case 'relu':
      return unary('Relu', x)
    case 'relu6':
      return clip(x, 0, 6)
    case 'elu':
      return unary('Elu', x)
    case 'sigmoid':
      return unary('Sigmoid', x)
    case 'leakyrelu':
      return unary('LeakyRelu', x, 'float32', { alpha: { float: leakyreluAlpha } })
    case 'prelu':
      return where(binary('Less', x, scalar(0), 'bool'), mul(x, slope!), x)
    default:
      throw new CompileError({
        what: `The activation ${activation} of a fused kernel is not known`,
        fix: 'Known are linear, relu, relu6, elu, sigmoid, leakyrelu and prelu: apply another one by itself.',
      })
  }
}
