import { asText } from '@mafjs/tensor/json'
import type { DisentangledConfig } from '../text/disentangled-config'
import type { ConfigFields } from './config-fields'
import type { OwnFields } from './hugging-face-fields'

/** A field that may have some values alone. */
function chosen<Value>(fields: ConfigFields, field: string, absent: Value, known: readonly Value[]): Value {
  const value = fields.get(field, absent) as Value
  if (known.includes(value)) return value
  const rule = `must be ${known.map(one => JSON.stringify(one)).join(' or ')}`
  return fields.refuse(field, rule, value, 'No other is computed here; take another checkpoint.')
}

const flag = (fields: ConfigFields, field: string, absent: boolean): boolean =>
  chosen(fields, field, absent, [true, false])

/** A list, or in older files its names with bars between them. */
function attentionIn(fields: ConfigFields): DisentangledConfig['attention'] {
  const value = fields.get('pos_att_type', null) ?? []
  const names: unknown[] = typeof value === 'string' ? value.toLowerCase().split('|') : [value].flat()
  const kinds = names.map(name => asText(name).trim())
  const known = (['c2p', 'p2c'] as const).filter(kind => kinds.includes(kind))
  if (known.length === kinds.length) return known
  return fields.refuse('pos_att_type', 'must name c2p, p2c or both', value)
}

function convolutionIn(fields: ConfigFields): DisentangledConfig['convolution'] {
  const size = fields.number('conv_kernel_size', 0)
  chosen(fields, 'conv_groups', 1, [1])
  const activation = chosen(fields, 'conv_act', 'tanh', ['tanh', 'gelu'] as const)
  return size > 0 ? { size, activation } : null
}

/** What the `config.json` of DeBERTa 2 and 3 says of distances. */
export const DEBERTA_FIELDS: OwnFields = {
  fields: [
    'attention_head_size',
    'conv_act',
    'conv_groups',
    'conv_kernel_size',
    'embedding_size',
    'max_relative_positions',
    'norm_rel_ebd',
    'pos_att_type',
    'position_biased_input',
    'position_buckets',
    'relative_attention',
    'share_att_key',
  ],
  read(fields, { hidden, heads, maxPositions }) {
    chosen(fields, 'relative_attention', false, [true])
    chosen(fields, 'embedding_size', hidden, [hidden])
    chosen(fields, 'attention_head_size', hidden / heads, [hidden / heads])
    const farthest = fields.number('max_relative_positions', -1)
    return {
      disentangled: {
        addsPositions: flag(fields, 'position_biased_input', true),
        buckets: Math.max(0, fields.number('position_buckets', -1)),
        farthest: farthest < 1 ? maxPositions : farthest,
        attention: attentionIn(fields),
        sharesProjections: flag(fields, 'share_att_key', false),
        normalises: chosen(fields, 'norm_rel_ebd', 'none', ['none', 'layer_norm']) === 'layer_norm',
        convolution: convolutionIn(fields),
      },
    }
  },
  write({ disentangled }) {
    const { addsPositions, buckets, farthest, attention, sharesProjections, normalises, convolution } =
      disentangled!
    return {
      relative_attention: true,
      position_biased_input: addsPositions,
      position_buckets: buckets > 0 ? buckets : -1,
      max_relative_positions: farthest,
      pos_att_type: attention,
      share_att_key: sharesProjections,
      norm_rel_ebd: normalises ? 'layer_norm' : 'none',
      ...(convolution && { conv_kernel_size: convolution.size, conv_act: convolution.activation }),
    }
  },
}
