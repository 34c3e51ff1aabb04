import * as tf from '@tensorflow/tfjs-core'
import '../kernels/all'
import { registerKernels } from '../kernels/lower'
import type { SessionOptions } from '../session/session-options'
import { evaluateWith } from './evaluate'
import { BACKEND_NAME, OnnxBackend } from './onnx-backend'

/**
 * Registers the tfjs backend `onnx`, which records kernels and runs them in ONNX Runtime when a tensor is read.
 * Registering twice changes nothing.
 *
 * @example
 * registerOnnxBackend()
 * await tf.setBackend('onnx')
 */
export function registerOnnxBackend(options: SessionOptions = {}): void {
  if (tf.findBackendFactory(BACKEND_NAME)) return
  registerKernels()
  // The lowest priority: tfjs takes it only when it is asked for.
  tf.registerBackend(BACKEND_NAME, () => new OnnxBackend(evaluateWith(options)), 0)
}
