import * as tf from '@tensorflow/tfjs-core'
import { CompileError } from '../graph/compile-error'
import { ownerOf } from '../record/onnx-backend'

/** The variables of the engine as they were before a recording. */
export interface KeptVariables {
  byData: Map<tf.DataId, tf.Variable>
  /**
   * Lets go of them, and undoes what happened to them.
   *
   * @returns the error to be thrown for a variable that was assigned or made meanwhile
   */
  release(): CompileError | undefined
}

/** Holds on to the values of all variables, so that nothing a recording does can free them. */
export function keepVariables(): KeptVariables {
  const { registeredVariables } = tf.engine()
  const before = Object.values(registeredVariables).map(variable => ({
    variable,
    dataId: variable.dataId,
    owner: ownerOf(variable.dataId),
  }))
  const names = new Set(Object.keys(registeredVariables))
  for (const { dataId, owner } of before) owner.incRef(dataId)
  return {
    byData: new Map(before.map(({ variable, dataId }) => [dataId, variable])),
    release() {
      const assigned: string[] = []
      for (const { variable, dataId, owner } of before) {
        if (variable.dataId === dataId) owner.disposeData(dataId)
        else {
          giveBack(variable, dataId, owner)
          assigned.push(variable.name)
        }
      }
      const made = Object.values(tf.engine().registeredVariables).filter(({ name }) => !names.has(name))
      for (const variable of made) variable.dispose()
      if (made.length > 0) return madeVariables(made.map(({ name }) => name))
      return assigned.length > 0 ? assignedVariables(assigned) : undefined
    },
  }
}

/** Assigns a variable the data it had, of which a reference was kept. */
function giveBack(variable: tf.Variable, dataId: tf.DataId, owner: tf.KernelBackend): void {
  const original = tf
    .engine()
    .makeTensorFromTensorInfo({ dataId, shape: variable.shape, dtype: variable.dtype }, owner)
  variable.assign(original)
  // tfjs counts the variable's reference with the active backend, whoever has the data.
  if (tf.backend() !== owner) owner.incRef(dataId)
  original.dispose()
}

const assignedVariables = (names: readonly string[]): CompileError =>
  new CompileError({
    what: `The compiled function assigned the variable ${names.join(', ')}`,
    fix: 'Return the new value and assign it outside; compileGradients computes gradients for an optimiser outside.',
  })

const madeVariables = (names: readonly string[]): CompileError =>
  new CompileError({
    what: `The compiled function made the variable ${names.join(', ')}`,
    fix: 'Make it before: apply a layer once, or call its build, so that its weights exist when it is compiled.',
  })
