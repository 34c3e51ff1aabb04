import * as tf from '@tensorflow/tfjs-core'
import { CompileError } from '../graph/compile-error'
import { type Origin, originHere } from '../graph/origin'
import { originOf } from '../kernels/lower'

type Tape = ReturnType<typeof tf.engine>['state']['activeTape']
/** What tfjs notes of an operation that may have to be differentiated. */
type TapeNode = Tape[number]

const CUSTOM = 'give it a gradient of your own with tf.customGrad.'

/**
 * Makes whatever goes wrong while gradients are recorded an error that names the operation and where the program called it:
 * from now on, for all that tfjs notes while the active loss is recorded.
 */
export function guardGradients(): void {
  const tape = tf.engine().state.activeTape
  tape.push = (...nodes) => Array.prototype.push.apply(tape, nodes.map(guarded))
}

function guarded(node: TapeNode): TapeNode {
  const { kernelName, gradient, inputs } = node
  const [output] = node.outputs
  const origin = (output && originOf(output)) ?? originHere(kernelName)
  const none = (input: string) => (): never => {
    throw new CompileError({
      what: `The tfjs kernel ${kernelName} has no gradient${input}`,
      origin,
      fix: `Use other operations, compute it from what is not trained, or ${CUSTOM}`,
    })
  }
  if (!gradient) return { ...node, gradient: none('') }
  return {
    ...node,
    gradient: dys => {
      const made = leadBack({ kernelName, origin }, () => gradient(dys))
      return Object.fromEntries(
        Object.keys({ ...inputs, ...made }).map(input => [
          input,
          made[input]
            ? () => leadBack({ kernelName, origin }, made[input]!)
            : none(` for its input ${input}`),
        ]),
      )
    },
  }
}

/** Runs what makes a gradient; its stack would tell of the gradient, not of the operation. */
function leadBack<T>({ kernelName, origin }: { kernelName: string; origin: Origin }, run: () => T): T {
  try {
    return run()
  } catch (cause) {
    const message =
      cause instanceof CompileError ? cause.what : cause instanceof Error ? cause.message : String(cause)
    throw new CompileError({
      what: `The gradient of the tfjs kernel ${kernelName} cannot be recorded: ${message.replace(/[.\s]+$/, '')}`,
      origin,
      fix: `Give it other arguments, use other operations, or ${CUSTOM}`,
      cause,
    })
  }
}
