import {
  type ApplyOptions,
  bertInitializer,
  dropout,
  gelu,
  layerNormSpecs,
  layersOf,
  linearSpecs,
  multiHeadAttention,
  type ParameterSpec,
  type Parameters,
} from '@mafjs/tensor'
import type { Tensor, Tensor3D, Tensor4D } from '@tensorflow/tfjs-core'
import * as tf from '@tensorflow/tfjs-core'
import { embedWords, embedWordsSpecs } from './embed-words'
import { distances, type Rotation, rotate, rotation } from './rotary'
import type { CompleteTextEncoderConfig } from './text-encoder-config'
import type { TextInputs } from './token-batch'

/** What is added to the score of a key that a query does not see. */
const UNSEEN = -10_000

/** The parameters of a ModernBERT, under the names that BERT's have where there are any. Nothing has a bias. */
export function modernBertSpecs(config: CompleteTextEncoderConfig): Record<string, ParameterSpec> {
  const { hidden, layers, intermediate } = config
  const specs: Record<string, ParameterSpec> = {
    ...embedWordsSpecs(config),
    ...layerNormSpecs('embeddings.LayerNorm', hidden),
  }
  for (let layer = 0; layer < layers; layer++) {
    const name = `encoder.layer.${layer}`
    Object.assign(specs, {
      // What the embeddings' own has normalised is not normalised again.
      ...(layer > 0 && layerNormSpecs(`${name}.attention.LayerNorm`, hidden)),
      ...linearSpecs(`${name}.attention.self.qkv`, hidden, 3 * hidden, bertInitializer),
      ...linearSpecs(`${name}.attention.output.dense`, hidden, hidden),
      ...layerNormSpecs(`${name}.intermediate.LayerNorm`, hidden),
      ...linearSpecs(`${name}.intermediate.dense`, hidden, 2 * intermediate),
      ...linearSpecs(`${name}.output.dense`, intermediate, hidden),
    })
  }
  Object.assign(specs, layerNormSpecs('encoder.LayerNorm', hidden))
  return Object.fromEntries(Object.entries(specs).filter(([name]) => !name.endsWith('.bias')))
}

/**
 * ModernBERT (Warner et al. 2024): pre-norm layers with rotary positions and gated feed-forward layers, of which most look at
 * what is near alone.
 *
 * @returns `[batch, positions, hidden]`
 */
export function modernBertStates(
  inputs: TextInputs,
  parameters: Parameters,
  config: CompleteTextEncoderConfig,
  options: ApplyOptions,
): Tensor3D {
  const { mask } = inputs
  const { hidden, heads, hiddenDropout, attentionDropout, layerNormEpsilon } = config
  const { localLayers, reach, globalTheta, localTheta } = config.rotary!
  const positions = mask.shape[1]
  const layers = layersOf(parameters)
  const normalise = (x: Tensor3D, name: string): Tensor3D => layers.layerNorm(x, name, layerNormEpsilon)
  const dropped = (x: Tensor3D, rate: number, site: string) => dropout(x, rate, site, options)
  const isFar = tf.cast(tf.greater(tf.abs(distances(positions)), tf.scalar(reach, 'int32')), 'float32')
  const far = tf.reshape(tf.mul(isFar, UNSEEN), [1, 1, positions, positions]) as Tensor4D
  const [everywhere, nearby] = [globalTheta, localTheta].map(theta =>
    rotation(positions, hidden / heads, theta),
  ) as [Rotation, Rotation]

  const attention = (x: Tensor3D, name: string, isLocal: boolean): Tensor3D => {
    const parts = tf.split(layers.linear(x, `${name}.self.qkv`), 3, -1)
    const [query, key, value] = parts as [Tensor3D, Tensor3D, Tensor3D]
    const turn = isLocal ? nearby : everywhere
    const attended = multiHeadAttention(
      {
        query: rotate(query, heads, turn),
        key: rotate(key, heads, turn),
        value,
        mask,
        bias: isLocal ? far : undefined,
      },
      { heads, dropoutRate: attentionDropout, site: `${name}.self`, ...options },
    )
    return dropped(layers.linear(attended, `${name}.output.dense`), attentionDropout, `${name}.output`)
  }
  const feedForward = (x: Tensor3D, name: string): Tensor3D => {
    const expanded = layers.linear(
      normalise(x, `${name}.intermediate.LayerNorm`),
      `${name}.intermediate.dense`,
    )
    const [input, gate] = tf.split(expanded, 2, -1) as [Tensor, Tensor]
    const gated = tf.mul(gelu(input), gate) as Tensor3D
    return layers.linear(dropped(gated, hiddenDropout, `${name}.output`), `${name}.output.dense`)
  }

  const words = embedWords(inputs, parameters, config)
  let states = dropped(normalise(words, 'embeddings.LayerNorm'), hiddenDropout, 'embeddings')
  for (let layer = 0; layer < config.layers; layer++) {
    const name = `encoder.layer.${layer}`
    const given = layer === 0 ? states : normalise(states, `${name}.attention.LayerNorm`)
    states = tf.add(states, attention(given, `${name}.attention`, localLayers.includes(layer)))
    states = tf.add(states, feedForward(states, name))
  }
  return normalise(states, 'encoder.LayerNorm')
}
