import { InvalidArgumentError } from '@mafjs/tensor'
import {
  type CompleteTextEncoderConfig,
  completeTextEncoderConfig,
  firstPosition,
  type TextEncoderConfig,
} from '../text/text-encoder-config'
import { TEXT_ENCODER_KINDS, type TextEncoderKind } from '../text/text-encoder-traits'
import { FIXED_FIELDS, HUGGING_FACE_FIELDS, NEUTRAL_FIELDS, REQUIRED_SIZES } from './hugging-face-fields'
import type { JsonObject } from './read-json'

/**
 * The configuration in a Hugging Face `config.json`, by its `model_type`; a file that states none is of a BERT.
 *
 * @param source what the file is called in errors. @default 'config.json'
 * @throws InvalidArgumentError for another model, an activation other than the exact GELU, relative or sinusoidal
 * positions, a decoder, or a size that is missing or not a number.
 */
export function textEncoderConfigFromHuggingFace(
  json: JsonObject,
  source = 'config.json',
): CompleteTextEncoderConfig {
  const kind = kindOf(json, source)
  const { fields, fixed, absent } = HUGGING_FACE_FIELDS[kind]
  assertFields(json, { ...FIXED_FIELDS, ...fixed }, Object.values(fields), source)
  const sizes: Partial<Record<keyof TextEncoderConfig, number>> = {}
  for (const [ours, field] of Object.entries(fields)) {
    const name = ours as keyof TextEncoderConfig
    const value = json[field] === undefined ? absent[field] : json[field]
    if (value === undefined && !REQUIRED_SIZES.includes(name)) continue
    if (typeof value !== 'number') {
      throw new InvalidArgumentError({
        argument: `${source}: ${field}`,
        rule: 'must be a number',
        received: value,
      })
    }
    sizes[name] = value
  }
  const config = { kind, ...sizes } as TextEncoderConfig
  const before = firstPosition(completeTextEncoderConfig({ ...config, maxPositions: 1 }))
  if (sizes.maxPositions === undefined) return completeTextEncoderConfig(config)
  if (sizes.maxPositions <= before) {
    throw new InvalidArgumentError({
      argument: `${source}: ${fields.maxPositions}`,
      rule: `must be more than ${before}, as positions begin after pad_token_id`,
      received: sizes.maxPositions,
    })
  }
  return completeTextEncoderConfig({ ...config, maxPositions: sizes.maxPositions - before })
}

/** Nothing is left out that would change what the encoder computes. */
function assertFields(
  json: JsonObject,
  fixed: Readonly<Record<string, unknown>>,
  read: readonly string[],
  source: string,
): void {
  const refuse = (field: string, rule: string, received: unknown, fix: string): never => {
    throw new InvalidArgumentError({ argument: `${source}: ${field}`, rule, received, fix })
  }
  for (const [field, value] of Object.entries(fixed)) {
    // Checkpoints older than these fields lack them, and are what the fields then came to mean.
    if (json[field] === undefined || JSON.stringify(json[field]) === JSON.stringify(value)) continue
    const fix = 'No other is computed here; take another checkpoint.'
    refuse(field, `must be ${JSON.stringify(value)}`, json[field], fix)
  }
  for (const [field, value] of Object.entries(json)) {
    if (read.includes(field) || Object.hasOwn(fixed, field) || NEUTRAL_FIELDS.has(field)) continue
    const fix = 'It may change what the encoder computes: take it out where it does not.'
    refuse(field, 'must be a field that is known', JSON.stringify(value).slice(0, 100), fix)
  }
}

/** The `config.json` with which Hugging Face's libraries build the same encoder. */
export function textEncoderConfigToHuggingFace(config: TextEncoderConfig): JsonObject {
  const complete = completeTextEncoderConfig(config)
  const { architecture, fields, fixed } = HUGGING_FACE_FIELDS[complete.kind]
  const stated = { ...complete, maxPositions: firstPosition(complete) + complete.maxPositions }
  const sizes = (Object.keys(fields) as (keyof typeof stated)[]).map(name => [
    fields[name as keyof typeof fields],
    name === 'embeddingSize' ? (stated.embeddingSize ?? stated.hidden) : stated[name],
  ])
  return {
    architectures: [architecture],
    model_type: complete.kind,
    ...fixed,
    ...Object.fromEntries(sizes),
  }
}

function kindOf({ model_type = 'bert' }: JsonObject, source: string): TextEncoderKind {
  const kind = TEXT_ENCODER_KINDS.find(known => known === model_type)
  if (kind) return kind
  throw new InvalidArgumentError({
    argument: `${source}: model_type`,
    rule: `must be one of ${TEXT_ENCODER_KINDS.join(', ')}`,
    received: model_type,
    fix: 'Take a checkpoint of one of these.',
  })
}
