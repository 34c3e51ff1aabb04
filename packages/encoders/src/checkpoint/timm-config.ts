import { InvalidArgumentError } from '@mafjs/tensor'
import { asText } from '@mafjs/tensor/json'
import { IMAGENET_DEVIATION, IMAGENET_MEAN, type PicturePreparation } from '../pictures'
import { MOST_SIDE } from '../pictures/saved-preparation'
import type { JsonObject } from './read-json'

const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value)
const three = (value: unknown): value is number[] =>
  Array.isArray(value) && value.length === 3 && value.every(isNumber)

/**
 * How pictures are prepared, from the `pretrained_cfg` in timm's `config.json`, as its evaluation does.
 *
 * @param source what the file is called in errors
 * @throws InvalidArgumentError for a step that `loadPicture` does not have: naming it.
 */
export function timmPreparation(json: JsonObject, source: string): PicturePreparation {
  const own = json['pretrained_cfg']
  const fields = (own === undefined ? json : Object(own)) as JsonObject
  const refuse = (field: string, rule: string): never => {
    throw new InvalidArgumentError({
      argument: `${source}: ${field}`,
      rule,
      received: fields[field] ?? 'nothing',
      fix: 'Take a checkpoint that prepares its pictures so.',
    })
  }
  if (own !== undefined && (own !== fields || Array.isArray(own))) {
    throw new InvalidArgumentError({
      argument: `${source}: pretrained_cfg`,
      rule: 'must be an object',
      received: own,
      fix: 'It says how pictures are prepared: take the config.json that belongs to the weights.',
    })
  }
  const {
    input_size = [3, 224, 224],
    crop_pct = 0.875,
    crop_mode = 'center',
    interpolation = 'bicubic',
    mean = IMAGENET_MEAN,
    std = IMAGENET_DEVIATION,
  } = fields
  const [channels, size, width] = three(input_size)
    ? input_size
    : refuse('input_size', 'must be three numbers')
  if (channels !== 3 || size !== width || !Number.isInteger(size) || size! < 1 || size! > MOST_SIDE) {
    refuse('input_size', `must be [3, size, size], the size at most ${MOST_SIDE}`)
  }
  if (!isNumber(crop_pct) || crop_pct <= 0 || crop_pct > 1)
    refuse('crop_pct', 'must be above 0 and at most 1')
  if (crop_mode !== 'center' && crop_mode !== 'squash') refuse('crop_mode', 'must be "center" or "squash"')
  if (interpolation !== 'bilinear' && interpolation !== 'bicubic') {
    refuse('interpolation', 'must be "bilinear" or "bicubic"')
  }
  if (!three(mean)) refuse('mean', 'must be three numbers')
  if (!three(std) || std.some(value => value <= 0)) refuse('std', 'must be three positive numbers')
  return {
    size: size!,
    resize: Math.floor(size! / (crop_pct as number)),
    fit: crop_mode === 'squash' ? 'stretch' : 'crop',
    resample: interpolation as PicturePreparation['resample'],
    halfPixel: 'even',
    mean: [...(mean as number[])],
    deviation: [...(std as number[])],
  }
}

/** Arguments of timm's models that change their head or their training alone. */
const NEUTRAL_ARGUMENTS = new Set([
  'num_classes',
  'global_pool',
  'drop_rate',
  'drop_path_rate',
  'zero_init_last',
])

/**
 * Checks that the `architecture` in timm's `config.json` is one that is computed here: others have tensors of the same names.
 *
 * @returns its name without the tag after the dot
 * @throws InvalidArgumentError for another one, or arguments that change it.
 */
export function timmArchitecture(json: JsonObject, known: RegExp, source: string): string {
  const architecture = asText(json['architecture']).split('.')[0]!
  const changed = Object.keys(Object(json['model_args'])).filter(name => !NEUTRAL_ARGUMENTS.has(name))
  if (changed.length > 0) {
    throw new InvalidArgumentError({
      argument: `${source}: model_args`,
      rule: `must change nothing of ${architecture}`,
      received: changed.join(', '),
      fix: 'Its tensors have the same names and mean something else. Export the model to ONNX and give the .onnx file.',
    })
  }
  if (known.test(architecture)) return architecture
  throw new InvalidArgumentError({
    argument: `${source}: architecture`,
    rule: 'must be one that is computed here: resnet18 to resnet152 and their d (resnet50d), or (tf_)efficientnet_lite0 to 4',
    received: json['architecture'],
    fix: 'Its tensors have the same names and mean something else. Export the model to ONNX and give the .onnx file.',
  })
}
