import type { Tensor2D, Tensor3D } from '@tensorflow/tfjs-core'
import * as tf from '@tensorflow/tfjs-core'
import { gelu } from './activations'
import {
  type Attended,
  type AttentionInputs,
  type AttentionOptions,
  attention,
  multiHeadAttention,
} from './attention'
import { dropout } from './dropout'
import { layersOf } from './layers-of'
import type { ApplyOptions, Parameters } from './module'
import { layerNormSpecs, linearSpecs, type ParameterSpec } from './parameters'

/** The sizes of a BERT layer, with the names of Hugging Face's `config.json`. */
export interface TransformerLayerConfig {
  hidden: number
  heads: number
  intermediate: number
  /** Dropout of the layer's outputs. @default 0 */
  hiddenDropout?: number
  /** Dropout of the attention weights. @default 0 */
  attentionDropout?: number
  /** Dropout of the attention's output, for models such as DistilBERT that have none there. @default hiddenDropout */
  attentionOutputDropout?: number
  /** @default 1e-12 */
  layerNormEpsilon?: number
}

/** The parameters of one BERT layer under `prefix`, named as in a BERT state dict. */
export function transformerLayerSpecs(
  prefix: string,
  { hidden, intermediate }: TransformerLayerConfig,
): Record<string, ParameterSpec> {
  return {
    ...linearSpecs(`${prefix}.attention.self.query`, hidden, hidden),
    ...linearSpecs(`${prefix}.attention.self.key`, hidden, hidden),
    ...linearSpecs(`${prefix}.attention.self.value`, hidden, hidden),
    ...linearSpecs(`${prefix}.attention.output.dense`, hidden, hidden),
    ...layerNormSpecs(`${prefix}.attention.output.LayerNorm`, hidden),
    ...linearSpecs(`${prefix}.intermediate.dense`, hidden, intermediate),
    ...linearSpecs(`${prefix}.output.dense`, intermediate, hidden),
    ...layerNormSpecs(`${prefix}.output.LayerNorm`, hidden),
  }
}

/** What a layer reads: its own states and, for cross attention, those of another modality. */
export interface TransformerLayerInputs {
  /** `[batch, tokens, hidden]`, the queries. */
  states: Tensor3D
  /** `[batch, positions, hidden]`, keys and values. @default states */
  context?: Tensor3D | undefined
  /** `[batch, positions]`, which keys are real. */
  mask: Tensor2D
}

/** How a layer is applied. */
type LayerOptions = ApplyOptions & {
  /** Whether the queries are added to the attention's output; without it nothing of them reaches the result but through the weights. */
  residual?: boolean
}

/**
 * One post-norm BERT layer (Devlin et al. 2019): attention, residual, layer norm, feed-forward, residual, layer norm.
 *
 * @param options `attend`: what attends in place of plain attention
 * @returns `[batch, tokens, hidden]`
 */
export function transformerLayer(
  inputs: TransformerLayerInputs,
  parameters: Parameters,
  prefix: string,
  config: TransformerLayerConfig,
  { attend = multiHeadAttention, ...options }: LayerOptions & { attend?: typeof multiHeadAttention } = {},
): Tensor3D {
  const states = (given: AttentionInputs, how: AttentionOptions) => ({ states: attend(given, how) })
  return tf.tidy(() => layerAround(states, inputs, parameters, prefix, config, options).states)
}

/** {@link transformerLayer} with the weights of its attention. */
export function attendingLayer(
  inputs: TransformerLayerInputs,
  parameters: Parameters,
  prefix: string,
  config: TransformerLayerConfig,
  options: LayerOptions = {},
): Attended {
  return tf.tidy(() => layerAround(attention, inputs, parameters, prefix, config, options))
}

function layerAround<Weights extends object>(
  attend: (inputs: AttentionInputs, options: AttentionOptions) => { states: Tensor3D } & Weights,
  { states, context = states, mask }: TransformerLayerInputs,
  parameters: Parameters,
  prefix: string,
  {
    heads,
    hiddenDropout = 0,
    attentionDropout = 0,
    attentionOutputDropout = hiddenDropout,
    layerNormEpsilon = 1e-12,
  }: TransformerLayerConfig,
  { residual = true, ...apply }: LayerOptions,
): { states: Tensor3D } & Weights {
  const layers = layersOf(parameters)
  const dense = (x: Tensor3D, name: string): Tensor3D => layers.linear(x, `${prefix}.${name}`)
  const normalise = (x: Tensor3D, name: string): Tensor3D =>
    layers.layerNorm(x, `${prefix}.${name}`, layerNormEpsilon)
  const attended = attend(
    {
      query: dense(states, 'attention.self.query'),
      key: dense(context, 'attention.self.key'),
      value: dense(context, 'attention.self.value'),
      mask,
    },
    { heads, dropoutRate: attentionDropout, site: `${prefix}.attention.self`, ...apply },
  )
  const output = dropout(
    dense(attended.states, 'attention.output.dense'),
    attentionOutputDropout,
    `${prefix}.attention.output`,
    apply,
  )
  const middle = normalise(residual ? tf.add(states, output) : output, 'attention.output.LayerNorm')
  const expanded = gelu(dense(middle, 'intermediate.dense'))
  const contracted = dropout(dense(expanded, 'output.dense'), hiddenDropout, `${prefix}.output`, apply)
  return { ...attended, states: normalise(tf.add(middle, contracted), 'output.LayerNorm') }
}
