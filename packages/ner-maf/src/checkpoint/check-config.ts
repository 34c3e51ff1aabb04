import { isWindowOverlap, SPLITTER_NAMES } from '@mafjs/data'
import { preparationProblem } from '@mafjs/encoders'
import { InvalidArgumentError } from '@mafjs/tensor'
import { isObject } from '@mafjs/tensor/json'
import type { MafConfig } from '../model/config'
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
    for (const part of PARTS) {
      if (model[part] !== undefined && !isObject(model[part]))
        refuse(`must have an object as "model.${part}"`, model[part])
    }
    const field = mistyped({ model, preprocessing })
    if (field) refuse(field.rule, field.value)
    assertPreprocessing(config as unknown as CheckpointConfig, file)
  } else refuse('must have a "textEncoder" in its "model"', Object.keys(model).join(', '))
}

const PARTS = [
  'imageEncoder',
  'alignment',
  'interaction',
  'matching',
  'fusion',
] as const satisfies readonly (keyof MafConfig)[]

/** What may be called as a number is written: labels, types, and what an ONNX model names. */
const NAMES = new Set(['labels', 'types', 'input', 'regionsOutput', 'summaryOutput', 'sha256'])

/** Fields that are true or false, and that are numbers, whatever part they are of: another value would be taken for one. */
const FLAGS =
  /^(exchangedStatesInTagging|lossWithoutNegatives|maskPadding|maskQueries|patchNorm|positions|trainable)$/
const NUMBERS = /(^seed|^rate|[dD]ropout|Epsilon|Weight)$/

/** The first field that has a value of another type than its own, or a text where a number is written. */
function mistyped(value: unknown, path: string[] = []): { rule: string; value: unknown } | undefined {
  const name = path.at(-1) ?? ''
  const wanted = FLAGS.test(name) ? 'boolean' : NUMBERS.test(name) ? 'number' : undefined
  const isNumeric = typeof value === 'string' && value.trim() !== '' && !Number.isNaN(Number(value))
  if (isNumeric || (wanted && typeof value !== wanted)) {
    const what = wanted === 'boolean' ? 'true or false' : 'a number'
    return { rule: `must have ${what} as ${path.join('.')}`, value: JSON.stringify(value) }
  }
  if (typeof value !== 'object' || value === null) return undefined
  for (const [key, inner] of Object.entries(value)) {
    const found = NAMES.has(key) ? undefined : mistyped(inner, [...path, key])
    if (found) return found
  }
  return undefined
}

/** Refuses a file that is not what was once written. */
export const damaged =
  (file: string) =>
  (rule: string, received: unknown): never => {
    const fix = `The file is damaged; copy ${file.split(/[\\/]/).at(-1)} again.`
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
