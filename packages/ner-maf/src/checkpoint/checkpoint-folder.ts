import { ONNX_IMAGE_FILE } from '@mafjs/encoders/onnx'
import { InvalidArgumentError } from '@mafjs/tensor'
import { type ModelFormat, modelFolder } from '@mafjs/train'
import type { MafConfig } from '../model/config'
import { version } from '../version'
import { type CheckpointConfig, FORMAT_VERSION, type Preprocessing } from './checkpoint'

/** A trained model, or a run that has no best model yet. */
export const CHECKPOINT_FOLDER = modelFolder('a MAF checkpoint folder', 'maf')

/** What a checkpoint folder holds beside weights and metrics. */
export interface CheckpointParts {
  model: MafConfig
  preprocessing: Preprocessing
  /** The `tokenizer.json` object. */
  tokenizer: object
  /** The file of an ONNX image model, where the model has one. */
  onnxImage?: Uint8Array | undefined
}

/**
 * How a model becomes a checkpoint folder: `config.json`, `tokenizer.json` and the file of an ONNX image model.
 *
 * @throws InvalidArgumentError for an ONNX image model without its file, or a file without one.
 */
export function checkpointFormat({
  model,
  preprocessing,
  tokenizer,
  onnxImage,
}: CheckpointParts): ModelFormat {
  if ((model.imageEncoder?.kind === 'onnx') !== (onnxImage !== undefined)) {
    throw new InvalidArgumentError({
      argument: 'onnxImage',
      rule: 'must be given for a model with an ONNX image encoder, and only for one',
      received: onnxImage === undefined ? 'nothing' : 'a file',
      fix: 'Give parts.onnxImage.model of the model.',
    })
  }
  const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`
  return {
    kind: CHECKPOINT_FOLDER,
    files(training) {
      const config: CheckpointConfig = {
        model_type: 'maf',
        format_version: FORMAT_VERSION,
        maf_version: version,
        model,
        preprocessing,
        ...(training && { training }),
      }
      return {
        'config.json': json(config),
        'tokenizer.json': json(tokenizer),
        [ONNX_IMAGE_FILE]: onnxImage,
      }
    },
  }
}
