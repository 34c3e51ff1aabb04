export { type ComposedConfig, type ComposedModule, composeModule, type ModuleParts } from './compose-module'
export { crossEntropy } from './cross-entropy'
export { createLinear, type Linear, type LinearConfig, type LinearOptions } from './linear-module'
export { maskedMean } from './masked-mean'
