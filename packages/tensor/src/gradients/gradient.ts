import type { GradConfig, NamedAttrMap, Tensor } from '@tensorflow/tfjs-core'
import * as tf from '@tensorflow/tfjs-core'

type Saved = Tensor[]

/** The gradient of a kernel with one input: `dx = formula(dy, saved, attributes)`. */
export function unaryGradient(
  kernelName: string,
  formula: (dy: Tensor, saved: Saved, attributes: NamedAttrMap) => Tensor,
  { input = 'x', save = 'input' }: { input?: string; save?: 'input' | 'output' | 'nothing' } = {},
): GradConfig {
  return {
    kernelName,
    inputsToSave: save === 'input' ? [input] : [],
    outputsToSave: save === 'output' ? [true] : [],
    gradFunc: (dy, saved, attributes) => ({ [input]: () => formula(dy as Tensor, saved, attributes) }),
  }
}

/** Sums a gradient over the axes that broadcasting added or stretched, back to the operand's own shape. */
export function unbroadcast(gradient: Tensor, shape: number[]): Tensor {
  const axes = tf.broadcast_util.getReductionAxes(shape, gradient.shape)
  return tf.reshape(axes.length > 0 ? tf.sum(gradient, axes) : gradient, shape)
}

/** The gradient of a broadcasting kernel of two inputs `a` and `b`. */
export function binaryGradient(
  kernelName: string,
  da: (dy: Tensor, a: Tensor, b: Tensor) => Tensor,
  db: (dy: Tensor, a: Tensor, b: Tensor) => Tensor,
): GradConfig {
  return {
    kernelName,
    inputsToSave: ['a', 'b'],
    gradFunc: (dy, saved) => {
      const [a, b] = saved as [Tensor, Tensor]
      return {
        a: () => unbroadcast(da(dy as Tensor, a, b), a.shape),
        b: () => unbroadcast(db(dy as Tensor, a, b), b.shape),
      }
    },
  }
}

/** A kernel that passes no gradient, such as a comparison: zero for each of its inputs. */
export function zeroGradient(kernelName: string, inputs: readonly string[]): GradConfig {
  return {
    kernelName,
    inputsToSave: [...inputs],
    gradFunc: (_dy, saved) =>
      Object.fromEntries(inputs.map((input, i) => [input, () => tf.zeros(saved[i]!.shape)])),
  }
}
