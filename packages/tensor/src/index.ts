export { gelu, logSumExp } from './activations'
export {
  type Attended,
  type AttentionInputs,
  type AttentionOptions,
  attention,
  multiHeadAttention,
} from './attention'
export { dropout, dropoutMask, fillDropoutMask } from './dropout'
export {
  assertEncoding,
  type Encoding,
  maskFromLengths,
  presence,
  withoutPadding,
} from './encoding'
export {
  assertLayers,
  assertPositive,
  assertSizes,
  type InvalidArgument,
  InvalidArgumentError,
} from './errors'
export { layerNorm } from './layer-norm'
export { type LayersOf, layersOf } from './layers-of'
export { linear, product, swapLastAxes } from './linear'
export type { ApplyOptions, DropoutMaskRequest, Module, Parameters } from './module'
export {
  type AssignReport,
  assignParameters,
  bertInitializer,
  constant,
  createParameters,
  disposeParameters,
  glorotUniform,
  heUniform,
  type Initializer,
  layerNormSpecs,
  linearSpecs,
  normalInitializer,
  type ParameterSpec,
  type ParametersOf,
  prefixParameters,
  uniformInitializer,
  withNumbersOf,
} from './parameters'
export { hashString, normal, permutation, philox, type RandomKey, randomWords, uniform } from './random'
export { takeRows } from './rows'
export { assertDtype, assertShape, type Dimensions } from './shapes'
export {
  attendingLayer,
  type TransformerLayerConfig,
  type TransformerLayerInputs,
  transformerLayer,
  transformerLayerSpecs,
} from './transformer-layer'
export { type ValueAndGradients, valueAndGradients } from './value-and-gradients'
