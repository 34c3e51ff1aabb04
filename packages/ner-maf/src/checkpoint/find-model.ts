import { resolveModel } from '@mafjs/encoders'
import { ONNX_IMAGE_FILE } from '@mafjs/encoders/onnx'

/**
 * The folder of a trained model, or of its export, by its path, its package or its name on the hub.
 *
 * @throws InvalidArgumentError saying what was looked at, where nothing is called so.
 */
export const findModel = (model: string): Promise<string> =>
  resolveModel(model, [
    { oneOf: ['config.json'] },
    { oneOf: ['tokenizer.json'] },
    { oneOf: ['model.safetensors', 'model.onnx'] },
    'model.onnx.data',
    ONNX_IMAGE_FILE,
  ])
