import { createTextEncoder } from '@mafjs/encoders'
import { createGatedFusion } from '@mafjs/fuse'
import { createCrossAttention } from '@mafjs/interact'
import { asLayer, registerLayer } from '@mafjs/tensor/layers'
import * as tfl from '@tensorflow/tfjs-layers'
import { CHANNELS, COLOURS, MOST_REGIONS, MOST_TOKENS, VOCABULARY_SIZE } from './draw-questions'

/** Sizes of a model. */
export interface ModelOptions {
  hidden: number
  /** Seed of the first parameter values, and of dropout. */
  seed: number
}

/** The kinds of layers that are modules; a saved model names them so. */
const KINDS = {
  TextEncoder: createTextEncoder,
  CrossAttention: createCrossAttention,
  GatedFusion: createGatedFusion,
}

/** Tells tfjs-layers about them, for a program that loads a model without having built one. */
export function registerKinds(): void {
  registerLayer('TextEncoder', KINDS.TextEncoder)
  registerLayer('CrossAttention', KINDS.CrossAttention)
  registerLayer('GatedFusion', KINDS.GatedFusion)
}

/** The inputs of both models: ids and their mask, regions and theirs. */
const modelInputs = (): tfl.SymbolicTensor[] => [
  tfl.input({ shape: [MOST_TOKENS], dtype: 'int32', name: 'ids' }),
  tfl.input({ shape: [MOST_TOKENS], name: 'ids_mask' }),
  tfl.input({ shape: [MOST_REGIONS, CHANNELS], name: 'regions' }),
  tfl.input({ shape: [MOST_REGIONS], name: 'regions_mask' }),
]

const TEXT = ['text.states', 'text.summary', 'text.mask']

/** The answer of a model, from states of tokens or a vector. */
function answerFrom(states: tfl.SymbolicTensor, { seed }: ModelOptions): tfl.SymbolicTensor {
  const initializer = tfl.initializers.glorotUniform({ seed })
  const { length: units } = Object.keys(COLOURS)
  return tfl.layers
    .dense({ units, activation: 'softmax', kernelInitializer: initializer, name: 'answer' })
    .apply(states) as tfl.SymbolicTensor
}

/** A text encoder as a layer: states and summary. */
function encodeText(
  [ids, mask]: tfl.SymbolicTensor[],
  { hidden, seed }: ModelOptions,
): [states: tfl.SymbolicTensor, summary: tfl.SymbolicTensor] {
  const encoder = createTextEncoder({
    ...{ kind: 'bert', vocabSize: VOCABULARY_SIZE, hidden, layers: 1, heads: 2, seed },
  })
  return asLayer(encoder, {
    ...{ create: KINDS.TextEncoder, className: 'TextEncoder', name: 'text', seed },
    inputs: [{ path: 'ids', dtype: 'int32' }, 'mask'],
    outputs: ['states', 'summary'],
  }).apply([ids!, mask!]) as [tfl.SymbolicTensor, tfl.SymbolicTensor]
}

const apply = (
  layer: tfl.layers.Layer,
  given: tfl.SymbolicTensor | tfl.SymbolicTensor[],
): tfl.SymbolicTensor => layer.apply(given) as tfl.SymbolicTensor

/** The words of the question attend to the regions, and a gate lets in what they find. */
export function buildWithModules(options: ModelOptions): tfl.LayersModel {
  const { hidden, seed } = options
  const inputs = modelInputs()
  const [, mask, regions, regionMask] = inputs
  const text = [...encodeText(inputs, options), mask!]
  const loudest = apply(tfl.layers.globalMaxPooling1d({ name: 'loudest' }), regions!)
  const interact = asLayer(createCrossAttention({ hidden, imageSize: CHANNELS, heads: 2, seed }), {
    ...{ create: KINDS.CrossAttention, className: 'CrossAttention', name: 'interact', seed },
    inputs: [...TEXT, 'image.states', 'image.summary', 'image.mask'],
    outputs: 'states',
  })
  const fuse = asLayer(createGatedFusion({ hidden, seed }), {
    ...{ create: KINDS.GatedFusion, className: 'GatedFusion', name: 'fuse', seed },
    inputs: [...TEXT, 'states'],
    outputs: 'states',
  })
  const fused = apply(fuse, [...text, apply(interact, [...text, regions!, loudest, regionMask!])])
  const mean = apply(tfl.layers.globalAveragePooling1d({ name: 'mean' }), fused)
  return tfl.model({ inputs, outputs: answerFrom(mean, options) })
}

/** The baseline: the same text encoder, and layers of tfjs-layers itself on the summary beside the mean region. */
export function buildWithoutInteraction(options: ModelOptions): tfl.LayersModel {
  const { hidden, seed } = options
  const inputs = modelInputs()
  const initializer = tfl.initializers.glorotUniform({ seed })
  const dense = (given: tfl.SymbolicTensor) =>
    apply(tfl.layers.dense({ units: 4 * hidden, activation: 'relu', kernelInitializer: initializer }), given)
  const [, summary] = encodeText(inputs, options)
  const regions = apply(tfl.layers.globalAveragePooling1d({}), dense(inputs[2]!))
  const joined = apply(tfl.layers.concatenate(), [summary, regions])
  return tfl.model({ inputs, outputs: answerFrom(dense(dense(joined)), options) })
}
