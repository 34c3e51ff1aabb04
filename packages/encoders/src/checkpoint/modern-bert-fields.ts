import { asText } from '@mafjs/tensor/json'
import type { ConfigFields } from './config-fields'
import type { OwnFields } from './hugging-face-fields'

const LOCAL = 'sliding_attention'
const GLOBAL = 'full_attention'

/** Which layers look at what is near alone: a list of them all, or, in files of before it, one global layer in so many. */
function localLayersIn(fields: ConfigFields, layers: number): number[] {
  const numbers = Array.from({ length: layers }, (_, layer) => layer)
  const types = fields.get('layer_types', null)
  if (types === null) {
    const every = fields.number('global_attn_every_n_layers', 3)
    if (!(Number.isInteger(every) && every > 0)) {
      fields.refuse('global_attn_every_n_layers', 'must be a positive whole number', every)
    }
    return numbers.filter(layer => layer % every !== 0)
  }
  const isList = Array.isArray(types) && types.length === layers
  if (!isList || types.some(type => type !== LOCAL && type !== GLOBAL)) {
    fields.refuse('layer_types', `must list ${GLOBAL} or ${LOCAL} for each of ${layers} layers`, types)
  }
  return numbers.filter(layer => (types as unknown[])[layer] === LOCAL)
}

/** The base of the wavelengths in layers of a type: in a record of their own, or, before it, in a field. */
function thetaIn(fields: ConfigFields, type: string, old: string, absent: number): number {
  const all = (fields.get('rope_parameters', null) ?? {}) as Record<
    string,
    Record<string, unknown> | undefined
  >
  const strange =
    typeof all === 'object' && !Array.isArray(all)
      ? Object.keys(all).filter(
          name => (name !== LOCAL && name !== GLOBAL) || Object(all[name]) !== all[name],
        )
      : [asText(all)]
  if (strange.length > 0) {
    fields.refuse(
      'rope_parameters',
      `must have an object for each of ${GLOBAL} and ${LOCAL} alone`,
      strange.join(', '),
    )
  }
  const { rope_type = 'default', rope_theta, ...others } = all[type] ?? {}
  const unread = Object.keys(others)
  if (rope_type !== 'default' || unread.length > 0) {
    const received = unread.length > 0 ? unread.join(', ') : rope_type
    fields.refuse('rope_parameters', `must be those of rope_type "default" for ${type}`, received)
  }
  if (rope_theta === undefined) return fields.number(old, absent)
  if (typeof rope_theta === 'number') return rope_theta
  return fields.refuse('rope_parameters', `must have a number as rope_theta of ${type}`, rope_theta)
}

/** What ModernBERT's `config.json` says of positions and of how far layers look. */
export const MODERN_BERT_FIELDS: OwnFields = {
  fields: [
    'embedding_dropout',
    'global_attn_every_n_layers',
    'global_rope_theta',
    'layer_types',
    'local_attention',
    'local_rope_theta',
    'rope_parameters',
  ],
  read(fields, { layers, hiddenDropout }) {
    const rate = fields.number('embedding_dropout', 0)
    if (rate !== hiddenDropout) {
      fields.refuse(
        'embedding_dropout',
        `must be mlp_dropout, ${hiddenDropout}`,
        rate,
        'There is one rate for both.',
      )
    }
    return {
      rotary: {
        localLayers: localLayersIn(fields, layers),
        reach: Math.floor(fields.number('local_attention', 128) / 2),
        globalTheta: thetaIn(fields, GLOBAL, 'global_rope_theta', 160_000),
        localTheta: thetaIn(fields, LOCAL, 'local_rope_theta', 10_000),
      },
    }
  },
  write({ layers, hiddenDropout, rotary }) {
    const { localLayers, reach, globalTheta, localTheta } = rotary!
    const isLocal = Array.from({ length: layers }, (_, layer) => localLayers.includes(layer))
    return {
      embedding_dropout: hiddenDropout,
      layer_types: isLocal.map(local => (local ? LOCAL : GLOBAL)),
      local_attention: 2 * reach,
      rope_parameters: {
        [GLOBAL]: { rope_type: 'default', rope_theta: globalTheta },
        [LOCAL]: { rope_type: 'default', rope_theta: localTheta },
      },
    }
  },
}
