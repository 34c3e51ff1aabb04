import { InvalidArgumentError } from '@mafjs/tensor'
import { type CompleteVisionConfig, completeVisionConfig, type VisionConfig } from '../image/vision-config'
import { assertFields, configFields } from './config-fields'
import { FIXED_FIELDS, NEUTRAL_FIELDS } from './hugging-face-fields'
import type { JsonObject } from './read-json'

/** The `model_type`s that are read. */
export const VISION_MODEL_TYPES = ['vit', 'clip', 'clip_vision_model'] as const

type Kind = VisionConfig['kind']

/** Our name and Hugging Face's for every size. */
const SIZES = {
  imageSize: 'image_size',
  patchSize: 'patch_size',
  hidden: 'hidden_size',
  layers: 'num_hidden_layers',
  heads: 'num_attention_heads',
  intermediate: 'intermediate_size',
  layerNormEpsilon: 'layer_norm_eps',
} as const satisfies Partial<Record<keyof VisionConfig, string>>

const DROPOUTS: Record<Kind, Partial<Record<keyof VisionConfig, string>>> = {
  vit: { hiddenDropout: 'hidden_dropout_prob', attentionDropout: 'attention_probs_dropout_prob' },
  clip: { attentionDropout: 'attention_dropout' },
}

/** What a `config.json` means by a field it lacks: `ViTConfig` and `CLIPVisionConfig` leave their defaults out. */
const DEFAULTS: Record<Kind, VisionConfig> = {
  vit: { kind: 'vit', imageSize: 224, patchSize: 16, intermediate: 3072 },
  clip: { kind: 'clip', imageSize: 224, patchSize: 32, intermediate: 3072 },
}

/** What every vision transformer of this package does; a checkpoint that states anything else is another model. */
const FIXED: Record<string, unknown> = { ...FIXED_FIELDS, num_channels: 3, qkv_bias: true }

/** Fields that change nothing here: of the pooler, of pretraining, of CLIP's other model, and of how weights are drawn. */
const NEUTRAL = [
  ...NEUTRAL_FIELDS,
  ...'dropout encoder_stride initializer_factor logit_scale_init_value pooler_act pooler_output_size projection_dim'.split(
    ' ',
  ),
  ...'text_config text_config_dict vision_config vision_config_dict'.split(' '),
]

/**
 * The configuration in a Hugging Face `config.json` of a ViT, a CLIP, or the vision model of one.
 *
 * @param source what the file is called in errors. @default 'config.json'
 * @throws InvalidArgumentError for another model, another activation than `gelu` and `quick_gelu`, pictures without three
 * channels, layers without biases, or a size that is no number.
 */
export function visionConfigFromHuggingFace(json: JsonObject, source = 'config.json'): CompleteVisionConfig {
  const type = json['model_type'] as (typeof VISION_MODEL_TYPES)[number]
  const refuse = (field: string, rule: string, received: unknown, fix?: string): never => {
    throw new InvalidArgumentError({
      argument: `${source}: ${field}`,
      rule,
      received: received ?? 'nothing',
      ...(fix !== undefined && { fix }),
    })
  }
  if (!VISION_MODEL_TYPES.includes(type)) {
    refuse('model_type', `must be ${VISION_MODEL_TYPES.join(', ')}`, type)
  }
  const kind: Kind = type === 'vit' ? 'vit' : 'clip'
  const fields = type === 'clip' ? visionPart(json) : json
  if (typeof fields !== 'object' || fields === null)
    return refuse('vision_config', 'must be an object', fields)
  const numbers: Record<string, number> = Object.create(null)
  for (const [name, field] of Object.entries({ ...SIZES, ...DROPOUTS[kind] })) {
    const value = fields[field]
    if (value === undefined) continue
    if (typeof value !== 'number') refuse(field, 'must be a number', value)
    numbers[name] = value as number
  }
  const known = [...Object.values({ ...SIZES, ...DROPOUTS[kind] }), 'hidden_act', ...NEUTRAL]
  assertFields(fields, FIXED, known, configFields(fields, source))
  const activation = fields['hidden_act']
  if (activation !== undefined && activation !== 'gelu' && activation !== 'quick_gelu') {
    refuse('hidden_act', 'must be "gelu" or "quick_gelu"', activation, 'Take another checkpoint.')
  }
  const given = activation === undefined ? {} : { activation: activation as VisionConfig['activation'] }
  return completeVisionConfig({ ...DEFAULTS[kind], ...numbers, ...given })
}

/** Some CLIPs state the vision model twice; the older field then counts, as in Hugging Face's `CLIPConfig`. */
const visionPart = (json: JsonObject): JsonObject =>
  (json['vision_config_dict'] ?? json['vision_config']) as JsonObject
