import { EXACT_BYTES, EXPORT_PROFILES } from '@mafjs/compile'
import { preparationOf } from '@mafjs/encoders'
import { damagedUnless, isObject, isSameJson } from '@mafjs/tensor/json'
import { assertModelAndPreprocessing, damaged } from '../checkpoint/check-config'
import { assertConfig } from '../model/check-config'
import { EXPORT_FILES, EXPORT_FORMAT_VERSION, type ExportConfig, readsImages } from './export-config'
import { QUANTIZATIONS } from './quantizations'

const isText = (value: unknown): value is string => typeof value === 'string' && value !== ''

const isVector = (value: unknown, length: number): boolean =>
  Array.isArray(value) && value.length === length && value.every(Number.isFinite)

const isCounts = (value: unknown): boolean =>
  isObject(value) && Object.values(value).every(count => Number.isInteger(count) && Number(count) >= 0)

/** A list of what a graph reads or gives. */
const isTensors = (value: unknown): boolean =>
  Array.isArray(value) &&
  value.every(
    tensor =>
      isObject(tensor) &&
      isText(tensor['name']) &&
      isText(tensor['type']) &&
      Array.isArray(tensor['shape']) &&
      tensor['shape'].every(length => isText(length) || (Number.isInteger(length) && length >= 0)),
  )

const DIGESTED: readonly string[] = [
  EXPORT_FILES.model,
  EXPORT_FILES.data,
  EXPORT_FILES.tokenizer,
  EXPORT_FILES.image,
]

/** SHA-256 by the names of files. */
const isDigests = (value: unknown): boolean =>
  isObject(value) &&
  [EXPORT_FILES.model, EXPORT_FILES.tokenizer].every(name => Object.hasOwn(value, name)) &&
  Object.entries(value).every(
    ([name, digest]) =>
      DIGESTED.includes(name) && typeof digest === 'string' && /^[0-9a-f]{64}$/.test(digest),
  )

/**
 * Checks that the content of a `config.json` is of an exported model that this version reads, and whole.
 *
 * @throws InvalidArgumentError naming the file and the field.
 */
export function assertExportConfig(config: unknown, file: string): asserts config is ExportConfig {
  const refuse = damaged(file)
  const { model_type, format_version } = isObject(config) ? config : {}
  if (model_type !== 'maf-onnx' || format_version !== EXPORT_FORMAT_VERSION) {
    refuse(`must be of an exported model of format ${EXPORT_FORMAT_VERSION}`, { model_type, format_version })
  }
  assertModelAndPreprocessing(config as Record<string, unknown>, file)
  const { model, preprocessing, crf, ...given } = config as ExportConfig
  damagedUnless(file, 'must describe a model', () => assertConfig(model))
  const {
    maf_version,
    source,
    quantization,
    profile,
    weights,
    session_config,
    labels,
    types,
    pictures,
    inputs,
    outputs,
    sha256,
  } = given
  if (!isText(maf_version)) refuse('must name a version as "maf_version"', maf_version)
  if (!isText(source)) refuse('must have a digest as "source"', source)
  const forms: readonly string[] = ['none', ...QUANTIZATIONS]
  if (!forms.includes(quantization)) refuse(`must have a "quantization" of ${forms.join(', ')}`, quantization)
  if (profile !== undefined && !EXPORT_PROFILES.includes(profile)) {
    refuse(`must have no "profile" but ${EXPORT_PROFILES.join(', ')}`, profile)
  }
  if (weights !== undefined && !isCounts(weights)) refuse('must have counts by type as "weights"', weights)
  if (session_config !== undefined && !isSameJson(session_config, EXACT_BYTES)) {
    refuse(`must have no "session_config" but ${JSON.stringify(EXACT_BYTES)}`, session_config)
  }
  if (!isSameJson(labels, model.labels)) refuse('must have the "labels" of its "model"', labels)
  if (!isSameJson(types, model.types)) refuse('must have the "types" of its "model"', types)
  if (!isTensors(inputs)) refuse('must have names, types and shapes as "inputs"', inputs)
  if (!isTensors(outputs)) refuse('must have names, types and shapes as "outputs"', outputs)
  if (sha256 !== undefined && !isDigests(sha256)) {
    refuse(`must have digests of ${DIGESTED.join(', ')} as "sha256"`, sha256)
  }
  const { pictureSize } = preprocessing
  const prepared = pictureSize === undefined ? undefined : preparationOf({ ...preprocessing, pictureSize })
  if (!isSameJson(pictures, readsImages(inputs) ? prepared : undefined)) {
    refuse('must have the "pictures" that its "preprocessing" and its "inputs" say', pictures)
  }
  assertCrf(crf, model, file)
}

function assertCrf(crf: unknown, { labels, constraints }: ExportConfig['model'], file: string): void {
  const refuse = damaged(file)
  const { start, end, transitions, constraints: decoded } = isObject(crf) ? crf : {}
  for (const [name, scores] of Object.entries({ start, end })) {
    if (!isVector(scores, labels.length))
      refuse(`must have ${labels.length} numbers as "crf.${name}"`, scores)
  }
  const isMatrix =
    isVector(Array.isArray(transitions) && transitions.map(() => 0), labels.length) &&
    (transitions as unknown[]).every(row => isVector(row, labels.length))
  if (!isMatrix) {
    refuse(`must have ${labels.length} rows of as many numbers as "crf.transitions"`, transitions)
  }
  if (decoded !== constraints) {
    refuse('must have the "constraints" of its "model" as "crf.constraints"', decoded)
  }
}
