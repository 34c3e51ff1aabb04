import {
  type ApplyOptions,
  type AttentionInputs,
  type AttentionOptions,
  dropout,
  layerNormSpecs,
  layersOf,
  linearSpecs,
  multiHeadAttention,
  normalInitializer,
  type ParameterSpec,
  type Parameters,
  product,
} from '@mafjs/tensor'
import type { Tensor1D, Tensor2D, Tensor3D, Tensor4D } from '@tensorflow/tfjs-core'
import * as tf from '@tensorflow/tfjs-core'
import { distanceRows, spanOf } from './distance-rows'
import { embeddingLookup } from './embedding-lookup'
import type { CompleteTextEncoderConfig } from './text-encoder-config'

const TABLE = 'embeddings.relative_embeddings'
const NORM = 'embeddings.relative_LayerNorm'

/** The layers that make a key or a query of a distance's embedding, by what attends to what. */
const PROJECTIONS = {
  c2p: { own: 'pos_key', shared: 'key' },
  p2c: { own: 'pos_query', shared: 'query' },
} as const

/** The parameters that distances have, under the names of the layers they belong to; none where there are no distances. */
export function disentangledSpecs({
  disentangled,
  hidden,
  layers,
}: CompleteTextEncoderConfig): Record<string, ParameterSpec> {
  if (!disentangled) return {}
  const { attention, sharesProjections, normalises } = disentangled
  const specs: Record<string, ParameterSpec> = {
    [`${TABLE}.weight`]: { shape: [2 * spanOf(disentangled), hidden], initializer: normalInitializer() },
    ...(normalises && layerNormSpecs(NORM, hidden)),
  }
  for (let layer = 0; layer < layers && !sharesProjections; layer++) {
    for (const kind of attention) {
      const name = `encoder.layer.${layer}.attention.self.${PROJECTIONS[kind].own}`
      Object.assign(specs, linearSpecs(name, hidden, hidden))
    }
  }
  return specs
}

/**
 * Disentangled attention (He et al. 2021): to the score of what a query and a key hold is added that of what one holds and how
 * far apart they are.
 *
 * @returns for each layer's attention, by its name, what attends in place of `multiHeadAttention`
 */
export function disentangledAttention(
  positions: number,
  parameters: Parameters,
  config: CompleteTextEncoderConfig,
  options: ApplyOptions,
): (name: string) => typeof multiHeadAttention {
  const { hidden, heads, hiddenDropout, layerNormEpsilon } = config
  const { attention, sharesProjections, normalises } = config.disentangled!
  const layers = layersOf(parameters)
  const table = parameters[`${TABLE}.weight`] as Tensor2D
  const embeddings = normalises ? layers.layerNorm(table, NORM, layerNormEpsilon) : table
  const scale = 1 / Math.sqrt((hidden / heads) * (1 + attention.length))
  // Column m of what a token scores is for another that stands m - positions after it.
  const after = tf.sub(tf.range(0, 2 * positions, 1, 'int32'), tf.scalar(positions, 'int32')) as Tensor1D
  const rows = { c2p: rowsAt(tf.neg(after), config), p2c: rowsAt(after, config) }

  return name => (inputs: AttentionInputs, how: AttentionOptions) => {
    const dropped = dropout(embeddings, hiddenDropout, `${name}.positions`, options)
    const biases = attention.map(kind => {
      const { own, shared } = PROJECTIONS[kind]
      const projected = layers.linear(dropped, `${name}.${sharesProjections ? shared : own}`)
      const near = tf.reshape(embeddingLookup(projected, rows[kind]), [2 * positions, hidden]) as Tensor2D
      const scores = scoresByPlace(kind === 'c2p' ? inputs.query : inputs.key, near, heads)
      // [heads, batch, token, other]: whichever is the query comes first.
      return tf.transpose(scores, kind === 'c2p' ? [1, 0, 2, 3] : [1, 0, 3, 2])
    })
    const bias = biases.length > 0 ? (tf.mul(tf.addN(biases), scale) as Tensor4D) : undefined
    return multiHeadAttention({ ...inputs, bias }, { ...how, scale })
  }
}

/** The rows of the table for distances from query to key, `[1, distances]`. */
function rowsAt(distances: Tensor1D, { disentangled, maxPositions }: CompleteTextEncoderConfig): Tensor2D {
  const rows = tf.tensor1d(distanceRows(maxPositions, disentangled!), 'int32')
  return tf.expandDims(tf.gather(rows, tf.add(distances, tf.scalar(maxPositions, 'int32'))), 0) as Tensor2D
}

/**
 * Products of every token with what is near it, put from their columns by distance to columns by place. Written one row after
 * another, and read as rows that are one shorter, each row begins one distance later.
 *
 * @param states `[batch, positions, hidden]`
 * @param near `[2 * positions, hidden]`, by distance
 * @returns `[heads, batch, positions, positions]`
 */
function scoresByPlace(states: Tensor3D, near: Tensor2D, heads: number): Tensor4D {
  const [batch, positions, hidden] = states.shape
  const size = hidden / heads
  const tokens = tf.transpose(tf.reshape(states, [batch, positions, heads, size]), [2, 0, 1, 3])
  const places = tf.transpose(tf.reshape(near, [2 * positions, heads, size]), [1, 2, 0])
  const scores = product(tf.reshape(tokens, [heads, batch * positions, size]) as Tensor3D, places as Tensor3D)
  const flat = tf.reshape(scores, [heads, batch, positions * 2 * positions])
  const late = tf.reshape(tf.slice(flat, [0, 0, positions], [-1, -1, -1]), [heads, batch, positions, -1])
  return tf.slice(late, [0, 0, 0, 0], [-1, -1, -1, positions]) as Tensor4D
}
