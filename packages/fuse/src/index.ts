export { createConcatFusion } from './concat-fusion'
export { type GatedFusionInputs, type GatedFusionOutputs, gatedFusion } from './gated-fusion'
export {
  createGatedFusion,
  type GatedFusionModuleInputs,
  type GatedFusionOptions,
  gatedFusionPresets,
} from './gated-fusion-module'
