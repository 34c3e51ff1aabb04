import { InvalidArgumentError } from '@mafjs/tensor'
import {
  type CompleteTextEncoderConfig,
  completeTextEncoderConfig,
  firstPosition,
  type TextEncoderConfig,
} from '../text/text-encoder-config'
import { TEXT_ENCODER_KINDS, type TextEncoderKind } from '../text/text-encoder-traits'
import { assertFields, configFields } from './config-fields'
import { FIXED_FIELDS, HUGGING_FACE_FIELDS, NEUTRAL_FIELDS, REQUIRED_SIZES } from './hugging-face-fields'
import type { JsonObject } from './read-json'

/** Ours alone: Hugging Face's encoders read no shapes of words. */
const WORD_SHAPES_FIELD = 'word_shapes'

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
  const known = [...Object.values(fields), ...(own?.fields ?? []), ...NEUTRAL_FIELDS, WORD_SHAPES_FIELD]
  assertFields(json, { ...FIXED_FIELDS, ...fixed }, known, read)
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
  const wordShapes = read.get(WORD_SHAPES_FIELD, undefined) as TextEncoderConfig['wordShapes']
  const config = {
    ...plain,
    wordShapes,
    ...(maxPositions !== undefined && { maxPositions: maxPositions - before }),
  }
  const complete = completeTextEncoderConfig(config)
  return own ? completeTextEncoderConfig({ ...config, ...own.read(read, complete) }) : complete
}

/**
 * The `config.json` with which Hugging Face's libraries build the same encoder; of word shapes they know nothing, and build it
 * without.
 */
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
    ...(complete.wordShapes && { [WORD_SHAPES_FIELD]: complete.wordShapes }),
  }
}

const CLASS =
  /^(Bert|Roberta|XLMRoberta|Camembert|DistilBert|Electra|DebertaV2|ModernBert)(?:For|Model|LMHead|PreTrain)/

/** The network of a class such as `XLMRobertaForMaskedLM`; those of RoBERTa's line are one. */
function networkOf(architecture: unknown): string | undefined {
  const name = CLASS.exec(String(architecture))?.[1]
  return name === 'XLMRoberta' || name === 'Camembert' ? 'Roberta' : name
}

function kindOf({ model_type = 'bert', architectures }: JsonObject, source: string): TextEncoderKind {
  const kind = TEXT_ENCODER_KINDS.find(known => known === model_type)
  // The tensors of two networks may have the same shapes; then only these two words tell which it is.
  const network = Array.isArray(architectures) ? networkOf(architectures[0]) : undefined
  if (kind && network !== undefined && network !== networkOf(HUGGING_FACE_FIELDS[kind].architecture)) {
    throw new InvalidArgumentError({
      argument: `${source}: model_type`,
      rule: `must be that of its architectures, ${(architectures as string[])[0]}`,
      received: model_type,
      fix: 'Take the config.json that belongs to the tensors.',
    })
  }
  if (kind) return kind
  throw new InvalidArgumentError({
    argument: `${source}: model_type`,
    rule: `must be one of ${TEXT_ENCODER_KINDS.join(', ')}`,
    received: model_type,
    fix: 'Take a checkpoint of one of these.',
  })
}
