import {
  bertInitializer,
  layerNormSpecs,
  linearSpecs,
  normalInitializer,
  type ParameterSpec,
} from '@mafjs/tensor'
import type { CompleteVisionConfig } from './vision-config'

/** What the parameters of a vision transformer are called in Hugging Face's state dict. */
export interface VisionNames {
  classEmbedding: string
  positions: string
  patches: string
  /** Before the first layer; only CLIP has it. */
  before?: string
  /** After the last layer: ViT's of every state, CLIP's of the class state alone. */
  after: string
  /** The prefix of a layer. */
  layer: (index: number) => string
  attentionNorm: string
  query: string
  key: string
  value: string
  output: string
  forwardNorm: string
  expand: string
  contract: string
}

/** The names of each kind. */
export const VISION_NAMES: Record<CompleteVisionConfig['kind'], VisionNames> = {
  vit: {
    classEmbedding: 'embeddings.cls_token',
    positions: 'embeddings.position_embeddings',
    patches: 'embeddings.patch_embeddings.projection',
    after: 'layernorm',
    layer: index => `encoder.layer.${index}`,
    attentionNorm: 'layernorm_before',
    query: 'attention.attention.query',
    key: 'attention.attention.key',
    value: 'attention.attention.value',
    output: 'attention.output.dense',
    forwardNorm: 'layernorm_after',
    expand: 'intermediate.dense',
    contract: 'output.dense',
  },
  clip: {
    classEmbedding: 'embeddings.class_embedding',
    positions: 'embeddings.position_embedding.weight',
    patches: 'embeddings.patch_embedding',
    // Hugging Face's own spelling.
    before: 'pre_layrnorm',
    after: 'post_layernorm',
    layer: index => `encoder.layers.${index}`,
    attentionNorm: 'layer_norm1',
    query: 'self_attn.q_proj',
    key: 'self_attn.k_proj',
    value: 'self_attn.v_proj',
    output: 'self_attn.out_proj',
    forwardNorm: 'layer_norm2',
    expand: 'mlp.fc1',
    contract: 'mlp.fc2',
  },
}

/** The parameters of a vision transformer, with Hugging Face's names and layouts. */
export function visionSpecs(config: CompleteVisionConfig): Record<string, ParameterSpec> {
  const { kind, imageSize, patchSize, hidden, layers, intermediate, trainable } = config
  const names = VISION_NAMES[kind]
  const positions = (imageSize / patchSize) ** 2 + 1
  const isVit = kind === 'vit'
  const table = (shape: number[]): ParameterSpec => ({ shape, initializer: normalInitializer() })
  const specs: Record<string, ParameterSpec> = {
    [names.classEmbedding]: table(isVit ? [1, 1, hidden] : [hidden]),
    [names.positions]: table(isVit ? [1, positions, hidden] : [positions, hidden]),
    [`${names.patches}.weight`]: { shape: [hidden, 3, patchSize, patchSize], initializer: bertInitializer },
    ...(isVit && {
      [`${names.patches}.bias`]: linearSpecs(names.patches, 1, hidden)[`${names.patches}.bias`]!,
    }),
    ...(names.before !== undefined && layerNormSpecs(names.before, hidden)),
  }
  for (let index = 0; index < layers; index++) {
    const name = (part: string): string => `${names.layer(index)}.${part}`
    Object.assign(specs, layerNormSpecs(name(names.attentionNorm), hidden))
    for (const part of [names.query, names.key, names.value, names.output]) {
      Object.assign(specs, linearSpecs(name(part), hidden, hidden))
    }
    Object.assign(specs, layerNormSpecs(name(names.forwardNorm), hidden))
    Object.assign(specs, linearSpecs(name(names.expand), hidden, intermediate))
    Object.assign(specs, linearSpecs(name(names.contract), intermediate, hidden))
  }
  Object.assign(specs, layerNormSpecs(names.after, hidden))
  return Object.fromEntries(Object.entries(specs).map(([name, spec]) => [name, { ...spec, trainable }]))
}
