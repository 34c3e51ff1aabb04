import type { Scalar } from '@tensorflow/tfjs-core'
import * as tf from '@tensorflow/tfjs-core'

/** One call in training: what it drew, and the module's losses. */
interface Call {
  step: number
  losses: Record<string, Scalar>
}

/**
 * The calls of a layer in one execution of its model. tfjs-layers hands the same arguments to every layer of an execution,
 * and applies a layer once for each of its outputs: those calls are one, and must draw alike; other inputs are another.
 */
export class Executions {
  /** Calls so far. */
  step = 0
  private execution: object = {}
  private calls = new Map<string, Call>()

  /** The call with these inputs; `isNew` where it is the first of them in its execution. */
  begin(execution: object, inputs: readonly tf.Tensor[]): Call & { isNew: boolean } {
    if (execution !== this.execution) {
      for (const { losses } of this.calls.values()) tf.dispose(losses)
      this.calls = new Map()
      this.execution = execution
    }
    const key = inputs.map(({ id }) => id).join()
    const known = this.calls.get(key)
    if (known) return { ...known, isNew: false }
    const call: Call = { step: this.step++, losses: {} }
    this.calls.set(key, call)
    return { ...call, isNew: true }
  }

  /** Keeps what a call gave for {@link lossAt}. */
  keep(inputs: readonly tf.Tensor[], losses: Record<string, Scalar>): void {
    this.calls.get(inputs.map(({ id }) => id).join())!.losses = losses
  }

  /** The sum of a loss over the calls of the last execution; nothing where there was none or it is over. */
  lossAt(path: string): Scalar | undefined {
    const losses = [...this.calls.values()].flatMap(call => call.losses[path] ?? [])
    if (losses.length === 0 || losses.some(({ isDisposed }) => isDisposed)) return undefined
    return losses.reduce((sum, loss) => tf.add(sum, loss))
  }
}
