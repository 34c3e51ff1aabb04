import { InvalidArgumentError } from '@mafjs/tensor'
import {
  type CompleteTextEncoderConfig,
  completeTextEncoderConfig,
  firstPosition,
  type TextEncoderConfig,
} from '../text/text-encoder-config'
import { TEXT_ENCODER_KINDS, type TextEncoderKind } from '../text/text-encoder-traits'
import { type ConfigFields, configFields } from './config-fields'
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
  const { fields, fixed, absent, own } = HUGGING_FACE_FIELDS[kind]
  const read = configFields(json, source)
  assertFields(json, { ...FIXED_FIELDS, ...fixed }, [...Object.values(fields), ...(own?.fields ?? [])], read)
  const sizes: Partial<Record<keyof TextEncoderConfig, number>> = {}
  for (const [ours, field] of Object.entries(fields)) {
    const name = ours as keyof TextEncoderConfig
    const isLeftOut = read.get(field, absent[field]) === undefined
    if (!isLeftOut || REQUIRED_SIZES.includes(name)) sizes[name] = read.number(field, absent[field])
  }
  const { maxPositions, ...others } = sizes
  const plain = { kind, ...others } as TextEncoderConfig
  const before = firstPosition(completeTextEncoderConfig({ ...plain, maxPositions: 1 }))
  if (maxPositions !== undefined && maxPositions <= before) {
    const rule = `must be more than ${before}, as positions begin after pad_token_id`
    read.refuse(String(fields.maxPositions), rule, maxPositions)
  }
  const config = { ...plain, ...(maxPositions !== undefined && { maxPositions: maxPositions - before }) }
  const complete = completeTextEncoderConfig(config)
  return own ? completeTextEncoderConfig({ ...config, ...own.read(read, complete) }) : complete
}

/** Nothing is left out that would change what the encoder computes. */
function assertFields(
  json: JsonObject,
  fixed: Readonly<Record<string, unknown>>,
  read: readonly string[],
  { refuse }: ConfigFields,
): void {
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
  const { architecture, fields, fixed, own } = HUGGING_FACE_FIELDS[complete.kind]
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
    ...own?.write(complete),
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
