import { type OpenedModel, openModel } from './session/open-model'
import type { ThreadOptions } from './session/session-options'

/**
 * Gives a `.onnx` file to ONNX Runtime; the numbers that lie beside it are found from its path.
 *
 * @param model the path of a file, or the bytes of one that has all its numbers within; a worker takes them away
 * @throws Error of ONNX Runtime for a file that is missing or no model.
 */
export const openOnnx = (model: string | Uint8Array, options: ThreadOptions = {}): Promise<OpenedModel> =>
  openModel(model, options)
