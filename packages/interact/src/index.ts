export { type CrossAttentionInputs, crossAttention } from './cross-attention'
export {
  type CrossAttentionModuleInputs,
  type CrossAttentionOptions,
  type CrossAttentionOutputs,
  createCrossAttention,
  crossAttentionPresets,
} from './cross-attention-module'
export { createPooledInteraction } from './pooled-interaction'
