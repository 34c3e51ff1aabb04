import * as tf from '@tensorflow/tfjs-core'
import './kernels/all'
import { registerKernels } from './kernels/lower'
import { evaluateWith } from './record/evaluate'
import { BACKEND_NAME, OnnxBackend } from './record/onnx-backend'
import type { SessionOptions } from './session/session-options'

/** How tensors are computed that are read. */
let evaluation: SessionOptions = {}

/**
 * Registers the tfjs backend `onnx`, which records kernels and runs them in ONNX Runtime when a tensor is read.
 * Registering again changes the options of later runs, where it is given any.
 *
 * @param options how ONNX Runtime runs them @default one thread per core
 *
 * @example
 * registerOnnxBackend()
 * await tf.setBackend('onnx')
 */
export function registerOnnxBackend(options: SessionOptions = evaluation): void {
  evaluation = options
  if (tf.findBackendFactory(BACKEND_NAME)) return
  registerKernels()
  // The lowest priority: tfjs takes it only when it is asked for.
  tf.registerBackend(BACKEND_NAME, () => new OnnxBackend(evaluateWith(() => evaluation)), 0)
}
