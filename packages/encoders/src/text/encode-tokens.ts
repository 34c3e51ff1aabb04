import {
  type ApplyOptions,
  assertDtype,
  assertShape,
  type Encoding,
  InvalidArgumentError,
  layersOf,
  type Parameters,
} from '@mafjs/tensor'
import type { Tensor2D } from '@tensorflow/tfjs-core'
import * as tf from '@tensorflow/tfjs-core'
import type { CompleteTextEncoderConfig } from './text-encoder-config'
import { networkOf } from './text-network'
import type { TextInputs } from './token-batch'

/**
 * A text encoder as a pure function of its parameters: embeddings of tokens, then the transformer layers of its kind.
 *
 * @returns states `[batch, positions, hidden]`, summary `[batch, hidden]`, and the mask it was given
 * @throws InvalidArgumentError for inputs that do not fit each other or the configuration.
 */
export function encodeTokens(
  { ids, mask, shapes }: TextInputs,
  parameters: Parameters,
  config: CompleteTextEncoderConfig,
  options: ApplyOptions = {},
): Encoding {
  const sizes = assertShape('inputs.ids', ids, ['batch', 'positions'])
  assertShape('inputs.mask', mask, ['batch', 'positions'], sizes)
  assertDtype('inputs.ids', ids, 'int32')
  assertDtype('inputs.mask', mask, 'float32')
  assertShapesOfWords(shapes, sizes, config)
  const { batch, positions } = sizes as { batch: number; positions: number }
  if (positions > config.maxPositions) {
    throw new InvalidArgumentError({
      argument: 'inputs.ids',
      rule: `must have at most ${config.maxPositions} positions, the encoder's maxPositions`,
      received: positions,
      fix: `Cut the text: give the tokenizer maxLength: ${config.maxPositions}.`,
    })
  }
  return tf.tidy(() => {
    const states = networkOf(config).states({ ids, mask, shapes }, parameters, config, options)
    const first = tf.reshape(tf.slice(states, [0, 0, 0], [batch, 1, config.hidden]), [batch, config.hidden])
    return { states, summary: summarise(first as Tensor2D, parameters, config), mask: tf.clone(mask) }
  })
}

/** Shapes are read where the encoder has a table of them, and nowhere else. */
function assertShapesOfWords(
  shapes: Tensor2D | undefined,
  sizes: Record<string, number>,
  { wordShapes }: CompleteTextEncoderConfig,
): void {
  const argument = 'inputs.shapes'
  if (!wordShapes) {
    if (!shapes) return
    throw new InvalidArgumentError({
      argument,
      rule: 'must be left out: the encoder has no word shapes',
      received: `[${shapes.shape.join(', ')}]`,
      fix: 'Leave them out, or make the encoder with wordShapes: WORD_SHAPES.',
    })
  }
  if (!shapes) {
    throw new InvalidArgumentError({
      argument,
      rule: 'must be given: the encoder reads the shapes of words',
      received: 'nothing',
      fix: 'Give wordShape to collate or tokenize, or shapes to createTokenBatch.',
    })
  }
  assertShape(argument, shapes, ['batch', 'positions'], sizes)
  assertDtype(argument, shapes, 'int32')
}

function summarise(
  first: Tensor2D,
  parameters: Parameters,
  { summary }: CompleteTextEncoderConfig,
): Tensor2D {
  if (summary === 'cls') return first
  return tf.tanh(layersOf(parameters).linear(first, 'pooler.dense'))
}
