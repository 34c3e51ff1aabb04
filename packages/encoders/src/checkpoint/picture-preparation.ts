import { InvalidArgumentError } from '@mafjs/tensor'
import { asText } from '@mafjs/tensor/json'
import { IMAGENET_DEVIATION, IMAGENET_MEAN, type PicturePreparation } from '../pictures'
import { MOST_SIDE } from '../pictures/saved-preparation'
import type { JsonObject } from './read-json'

/** What Hugging Face's numbers of a filter mean; it has others too. */
const FILTERS = new Map<unknown, PicturePreparation['resample']>([
  [2, 'bilinear'],
  [3, 'bicubic'],
])

/** The means and deviations that CLIP was trained with (Hugging Face's `OPENAI_CLIP_MEAN` and `OPENAI_CLIP_STD`). */
const CLIP_MEAN = [0.48145466, 0.4578275, 0.40821073]
const CLIP_DEVIATION = [0.26862954, 0.26130258, 0.27577711]

/** What a file means by a field it lacks, and by a size that is one number. */
const PROCESSORS: Record<
  'ViT' | 'CLIP' | 'ConvNext',
  { defaults: JsonObject; bareSize: 'shortest_edge' | 'square' }
> = {
  ViT: {
    bareSize: 'square',
    defaults: { size: 224, resample: 2, do_center_crop: false, image_mean: 0.5, image_std: 0.5 },
  },
  CLIP: {
    bareSize: 'shortest_edge',
    defaults: {
      size: 224,
      crop_size: 224,
      resample: 3,
      do_center_crop: true,
      image_mean: CLIP_MEAN,
      image_std: CLIP_DEVIATION,
    },
  },
  ConvNext: {
    bareSize: 'shortest_edge',
    defaults: {
      size: { shortest_edge: 384 },
      resample: 2,
      crop_pct: 224 / 256,
      image_mean: IMAGENET_MEAN,
      image_std: IMAGENET_DEVIATION,
    },
  },
}

/**
 * How pictures are prepared, from the content of a Hugging Face `preprocessor_config.json` of ViT's or CLIP's processor.
 *
 * @param source what the file is called in errors. @default 'preprocessor_config.json'
 * @throws InvalidArgumentError for another processor, or a step that `loadPicture` does not have: naming it.
 */
export function picturePreparation(
  json: JsonObject,
  source = 'preprocessor_config.json',
): PicturePreparation {
  const refuse = (field: string, rule: string, received: unknown): never => {
    throw new InvalidArgumentError({
      argument: `${source}: ${field}`,
      rule,
      received: received === undefined ? 'nothing' : received,
      fix: 'Take a checkpoint that prepares its pictures so.',
    })
  }
  const type = asText(json['image_processor_type'] ?? json['feature_extractor_type'] ?? 'nothing')
  const name = /^(ViT|CLIP|ConvNext)(ImageProcessor|FeatureExtractor)(Fast|Pil)?$/.exec(type)?.[1] as
    | keyof typeof PROCESSORS
    | undefined
  const rule =
    "must be ViT's or CLIP's, or of a ResNet ConvNext's: ViTImageProcessor, CLIPImageProcessor, ConvNextImageProcessor"
  if (name === undefined) return refuse('image_processor_type', rule, type)
  const { defaults, bareSize } = PROCESSORS[name]
  const fields: JsonObject = { do_resize: true, do_rescale: true, do_normalize: true, ...defaults, ...json }

  if (fields['do_resize'] !== true) refuse('do_resize', 'must be true', fields['do_resize'])
  if (fields['do_pad']) refuse('do_pad', 'must be false', fields['do_pad'])
  const resample = FILTERS.get(fields['resample'])
  if (!resample) return refuse('resample', 'must be 2 (bilinear) or 3 (bicubic)', fields['resample'])
  if (name === 'ConvNext') {
    const { side } = sizeOf(fields['size'], bareSize) ?? refuse('size', SIZE_RULE, fields['size'])
    const part = Number(fields['crop_pct'])
    if (!(part > 0 && part <= 1)) refuse('crop_pct', 'must be above 0 and at most 1', fields['crop_pct'])
    // Large pictures are not cut.
    const isCut = side < 384
    return {
      size: side,
      resize: isCut ? Math.floor(side / part) : side,
      fit: isCut ? 'crop' : 'stretch',
      resample,
      halfPixel: 'down',
      ...scalesOf(fields, refuse),
    }
  }
  const { fit, side } = sizeOf(fields['size'], bareSize) ?? refuse('size', SIZE_RULE, fields['size'])
  const cropped = fields['do_center_crop'] ? squareOf(fields['crop_size']) : side
  if (cropped === undefined) return refuse('crop_size', 'must be a square', fields['crop_size'])
  if (!fields['do_center_crop'] && fit === 'crop') {
    return refuse('do_center_crop', 'must be true where only the short side is given', false)
  }
  if (cropped > side) return refuse('crop_size', `must be at most the size, ${side}`, cropped)
  return {
    size: cropped,
    resize: side,
    fit,
    resample,
    halfPixel: 'down',
    ...scalesOf(fields, refuse),
  }
}

const SIZE_RULE = `must be a number, { height, width } of a square, or { shortest_edge }, at most ${MOST_SIDE}`

const isSide = (value: unknown): value is number =>
  Number.isInteger(value) && Number(value) > 0 && Number(value) <= MOST_SIDE

/** The side of a square, given as one number or as two equal ones. */
function squareOf(size: unknown): number | undefined {
  if (isSide(size)) return size
  const { height, width } = (size ?? {}) as JsonObject
  return isSide(height) && height === width ? height : undefined
}

function sizeOf(
  size: unknown,
  bareSize: 'shortest_edge' | 'square',
): { fit: PicturePreparation['fit']; side: number } | undefined {
  if (isSide(size)) return { fit: bareSize === 'square' ? 'stretch' : 'crop', side: size }
  const { shortest_edge: short, longest_edge: long } = (size ?? {}) as JsonObject
  if (isSide(short) && long === undefined) return { fit: 'crop', side: short }
  const square = squareOf(size)
  return square === undefined ? undefined : { fit: 'stretch', side: square }
}

/** Mean and deviation of values from 0 to 1, whatever a file's own factor takes bytes to. */
function scalesOf(
  fields: JsonObject,
  refuse: (field: string, rule: string, received: unknown) => never,
): Pick<PicturePreparation, 'mean' | 'deviation'> {
  const three = (field: string, rule: string, valid: (value: unknown) => boolean): number[] => {
    const value = fields[field]
    const list: unknown[] = Array.isArray(value) ? value : [value, value, value]
    if (list.length !== 3 || !list.every(valid)) refuse(field, rule, value)
    return list as number[]
  }
  const isNumber = (value: unknown): boolean => Number.isFinite(value)
  const isPositive = (value: unknown): boolean => isNumber(value) && Number(value) > 0
  const isNormalised = fields['do_normalize'] === true
  const mean = isNormalised ? three('image_mean', 'must be three numbers', isNumber) : [0, 0, 0]
  const deviation = isNormalised
    ? three('image_std', 'must be three positive numbers', isPositive)
    : [1, 1, 1]
  const factor = fields['do_rescale'] === true ? (fields['rescale_factor'] ?? 1 / 255) : 1
  if (!isPositive(factor)) return refuse('rescale_factor', 'must be a positive number', factor)
  const scale = 255 * (factor as number)
  return { mean: mean.map(value => value / scale), deviation: deviation.map(value => value / scale) }
}
