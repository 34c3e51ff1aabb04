import { type OpenedModel, openModel } from './session/open-model'
import type { ThreadOptions } from './session/session-options'

/**
 * Gives a `.onnx` file to ONNX Runtime; the numbers that lie beside it are found from its path.
 *
 * @throws Error of ONNX Runtime for a file that is missing or no model.
 */
export const openOnnx = (path: string, options: ThreadOptions = {}): Promise<OpenedModel> =>
  openModel(path, options)
