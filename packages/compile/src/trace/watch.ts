import * as tf from '@tensorflow/tfjs-core'
import { CompileError } from '../graph/compile-error'
import { calledOperation, originHere } from '../graph/origin'
import type { OnnxBackend } from '../record/onnx-backend'
import type { Recording } from '../record/recording'

/**
 * Notices, until it is called off, what JavaScript would freeze into the program that is being recorded: random numbers
 * it draws, and values of variables it reads. Everything random in tfjs begins with `Math.random`.
 */
export function watch(
  backend: OnnxBackend,
  recording: Recording,
  variables: ReadonlyMap<tf.DataId, tf.Variable>,
): () => void {
  const engine = tf.engine()
  const { random } = Math
  Math.random = () => {
    recording.refused ??= randomness()
    return random()
  }
  const notice = (dataId: tf.DataId): void => {
    const variable = variables.get(dataId)
    if (variable) recording.refused ??= frozenVariable(variable)
  }
  const { read, readSync } = engine
  // Whoever waits for data goes on when the recording is over, whichever backend has them.
  engine.read = dataId => {
    notice(dataId)
    return backend.read(dataId)
  }
  engine.readSync = dataId => {
    notice(dataId)
    return readSync.call(engine, dataId)
  }
  return () => {
    Math.random = random
    engine.read = read
    engine.readSync = readSync
  }
}

function randomness(): CompileError {
  const origin = originHere('Math.random')
  return new CompileError({
    what: `${calledOperation(origin)} drew random numbers, which would be frozen into the program`,
    origin,
    fix: 'Draw them outside and give them as an input; dropout of @mafjs/tensor does so by itself.',
  })
}

function frozenVariable({ name }: tf.Variable): CompileError {
  const origin = originHere('data')
  return new CompileError({
    what: `${calledOperation(origin)} read the value of the variable ${name}, which would be frozen into the program`,
    origin,
    fix: 'Compute with the variable itself, or give the value as an argument.',
  })
}
