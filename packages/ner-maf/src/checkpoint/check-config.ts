import { basename } from 'node:path'
import { isWindowOverlap, SPLITTER_NAMES } from '@mafjs/data'
import { preparationProblem } from '@mafjs/encoders'
import { InvalidArgumentError } from '@mafjs/tensor'
import { isObject } from '@mafjs/tensor/files'
import { type CheckpointConfig, FORMAT_VERSION } from './checkpoint'

/**
 * Checks that the content of a `config.json` is a MAF checkpoint of the format this version reads.
 *
 * @throws InvalidArgumentError naming the file.
 */
export function assertCheckpointConfig(config: unknown, file: string): asserts config is CheckpointConfig {
  const { model_type, format_version } = isObject(config) ? config : {}
  if (model_type !== 'maf' || format_version !== FORMAT_VERSION) {
    const isNewer = model_type === 'maf' && Number(format_version) > FORMAT_VERSION
    throw new InvalidArgumentError({
      argument: file,
      rule: `must be of a MAF checkpoint of format ${FORMAT_VERSION}`,
      received: { model_type, format_version },
      fix: isNewer
        ? 'Update @mafjs/ner-maf.'
        : 'Give the folder of a trained model, or import a published one.',
    })
  }
  assertModelAndPreprocessing(config as Record<string, unknown>, file)
}

/**
 * Checks what every saved model has, a checkpoint or an export; its `model` is checked further where it is built.
 *
 * @throws InvalidArgumentError naming the file and the field.
 */
export function assertModelAndPreprocessing(config: Record<string, unknown>, file: string): void {
  const { model, preprocessing } = config
  const refuse = damaged(file)
  if (!isObject(model) || !isObject(preprocessing)) {
    refuse('must have "model" and "preprocessing"', Object.keys(config).join(', '))
  } else if (isObject(model['textEncoder'])) {
    const text = numberAsText({ model, preprocessing })
    if (text) refuse(`must have a number as ${text.path}`, JSON.stringify(text.value))
    assertPreprocessing(config as unknown as CheckpointConfig, file)
  } else refuse('must have a "textEncoder" in its "model"', Object.keys(model).join(', '))
}

/** What may be called as a number is written: labels, types, and what an ONNX model names. */
const NAMES = new Set(['labels', 'types', 'input', 'regionsOutput', 'summaryOutput', 'sha256'])

/** The first text in the place of a number: it would pass wherever a number is compared, and be joined where one is added. */
function numberAsText(value: unknown, path = ''): { path: string; value: string } | undefined {
  if (typeof value === 'string')
    return value.trim() !== '' && !Number.isNaN(Number(value)) ? { path, value } : undefined
  if (typeof value !== 'object' || value === null) return undefined
  for (const [name, inner] of Object.entries(value)) {
    const found = NAMES.has(name) ? undefined : numberAsText(inner, path === '' ? name : `${path}.${name}`)
    if (found) return found
  }
  return undefined
}

/** Refuses a file that is not what was once written. */
export const damaged =
  (file: string) =>
  (rule: string, received: unknown): never => {
    const fix = `The file is damaged; copy ${basename(file)} again.`
    throw new InvalidArgumentError({ argument: file, rule, received: received ?? 'nothing', fix })
  }

const isCount = (value: unknown): value is number => Number.isInteger(value) && Number(value) > 0

/** What no module checks: a wrong value here would be found with the first post, or never. */
function assertPreprocessing({ model, preprocessing }: CheckpointConfig, file: string): void {
  const { splitter, maxLength, windowOverlap, pictureSize } = preprocessing
  const refuse = damaged(file)
  if (!SPLITTER_NAMES.includes(splitter)) {
    refuse(`must have a "splitter" of ${SPLITTER_NAMES.join(', ')}`, splitter)
  }
  if (!isCount(maxLength)) refuse('must have a positive whole number as "maxLength"', maxLength)
  if (windowOverlap !== undefined && !isWindowOverlap(windowOverlap, maxLength)) {
    refuse('must have a whole number below maxLength - 2 as "windowOverlap"', windowOverlap)
  }
  if (model.imageEncoder === undefined) {
    if (pictureSize !== undefined) refuse('must have no "pictureSize" without an image encoder', pictureSize)
    return
  }
  const problem = preparationProblem(preprocessing)
  if (problem) refuse(problem.rule, problem.received)
}
