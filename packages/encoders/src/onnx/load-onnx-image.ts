import type { HostTensor, OpenedModel } from '@mafjs/compile'
import { InvalidArgumentError } from '@mafjs/tensor'
import { digestOf, readJson } from '@mafjs/tensor/files'
import { picturePreparation } from '../checkpoint/picture-preparation'
import { IMAGENET_DEVIATION, IMAGENET_MEAN, type PicturePreparation } from '../pictures/prepare-picture'
import { preparationOf } from '../pictures/saved-preparation'
import { assertSummary, readInput, readRegions } from './layouts'
import { createOnnxImage, type OnnxImage } from './onnx-image'
import { type OnnxImageConfig, PICTURE_LAYOUTS } from './onnx-image-config'
import type { OnnxImageOptions } from './onnx-image-options'
import { assertImageRuntime, openImageModel } from './open-image-model'
import { readImageModel } from './read-image-model'

/** An ONNX image model, and how its pictures are prepared. */
export interface LoadedOnnxImage {
  onnxImage: OnnxImage
  preparation: PicturePreparation
}

/** Side of the pictures of a model that takes any and is asked for none. */
const USUAL_SIZE = 224

/**
 * Loads an `.onnx` file as a frozen image encoder. Its input tells layout and size, and one run on blank pictures the
 * shapes of its outputs.
 *
 * @throws InvalidArgumentError for a file that cannot be read or run, options that do not fit it, or shapes whose meaning
 * cannot be told: each with the rule and the option that settles it.
 */
export async function loadOnnxImage(file: string, options: OnnxImageOptions = {}): Promise<LoadedOnnxImage> {
  checkLayouts(options)
  await assertImageRuntime(file)
  const model = await readImageModel(file)
  const opened = await openImageModel(model, file, { threads: 1 })
  try {
    const input = readInput(opened.declared, file, options.inputLayout)
    const preparation = await preparationFor(file, input.imageSize, options)
    const { regionsOutput, summaryOutput } = chosenOutputs(opened, file, options)
    const part = { ...input, imageSize: preparation.size }
    const outputs = await blankRun(opened, file, part)
    const output = (name: string): readonly number[] => shapeOf(outputs[name]!, name, part.batch)
    const regions = readRegions(regionsOutput, output(regionsOutput), options.regionsLayout)
    if (summaryOutput !== undefined) assertSummary(summaryOutput, output(summaryOutput), regions.channels)
    const config: OnnxImageConfig = {
      kind: 'onnx',
      sha256: digestOf(model),
      ...part,
      regionsOutput,
      ...(summaryOutput !== undefined && { summaryOutput }),
      ...regions,
    }
    return { onnxImage: createOnnxImage(model, config, file), preparation }
  } finally {
    await opened.dispose()
  }
}

function checkLayouts({ inputLayout, regionsLayout }: OnnxImageOptions): void {
  for (const [argument, layout] of Object.entries({ inputLayout, regionsLayout })) {
    if (layout === undefined || PICTURE_LAYOUTS.includes(layout)) continue
    const rule = `must be ${PICTURE_LAYOUTS.join(' or ')}`
    throw new InvalidArgumentError({ argument, rule, received: layout })
  }
}

/** What the file of a processor says, or the options, checked against the size that the model declares. */
async function preparationFor(
  file: string,
  declared: number | 'any',
  { pictureSize, pictureMean, pictureDeviation, preprocessor }: OnnxImageOptions,
): Promise<PicturePreparation> {
  const isGiven = [pictureSize, pictureMean, pictureDeviation].some(option => option !== undefined)
  if (preprocessor !== undefined && isGiven) {
    throw new InvalidArgumentError({
      argument: 'preprocessor',
      rule: 'must be given without pictureSize, pictureMean and pictureDeviation: it says them itself',
      received: preprocessor,
      fix: 'Leave either out.',
    })
  }
  const preparation =
    preprocessor === undefined
      ? preparationOf({
          pictureSize: pictureSize ?? (declared === 'any' ? USUAL_SIZE : declared),
          pictureTransform: {
            fit: 'crop',
            resample: 'bilinear',
            halfPixel: 'even',
            mean: pictureMean ?? IMAGENET_MEAN,
            deviation: pictureDeviation ?? IMAGENET_DEVIATION,
          },
        })
      : picturePreparation(await readObject(preprocessor), preprocessor)
  if (declared === 'any' || preparation.size === declared) return preparation
  throw new InvalidArgumentError({
    argument: preprocessor ?? 'pictureSize',
    rule: `must be ${declared}, the size that ${file} reads`,
    received: preparation.size,
    fix: 'Leave it out, or export the model for that size.',
  })
}

const readObject = (file: string): Promise<Record<string, unknown>> =>
  readJson(file, { fix: "Give as preprocessor the preprocessor_config.json of the model's origin." })

function chosenOutputs(
  { outputs }: OpenedModel,
  file: string,
  { regionsOutput, summaryOutput }: OnnxImageOptions,
): { regionsOutput: string; summaryOutput?: string } {
  const refuse = (argument: string, received: string): never => {
    throw new InvalidArgumentError({
      argument,
      rule: `must name an output of ${file}: ${outputs.join(', ')}`,
      received,
      fix: 'Take the last one before the pooling for regions; an inner one must be made an output of the model.',
    })
  }
  if (regionsOutput === undefined) return refuse('regionsOutput', 'nothing')
  if (!outputs.includes(regionsOutput)) refuse('regionsOutput', regionsOutput)
  if (summaryOutput === undefined) return { regionsOutput }
  if (!outputs.includes(summaryOutput)) refuse('summaryOutput', summaryOutput)
  return { regionsOutput, summaryOutput }
}

/** Two pictures where it takes any number: an axis that stays 1 is then no axis of pictures. */
const picturesOf = (batch: OnnxImageConfig['batch']): number => (batch === 'any' ? 2 : batch)

async function blankRun(
  opened: OpenedModel,
  file: string,
  {
    input,
    inputLayout,
    batch,
    imageSize,
  }: Pick<OnnxImageConfig, 'input' | 'inputLayout' | 'batch' | 'imageSize'>,
): Promise<Record<string, HostTensor>> {
  const pictures = picturesOf(batch)
  const sides = inputLayout === 'NCHW' ? [3, imageSize, imageSize] : [imageSize, imageSize, 3]
  const data = new Float32Array(pictures * 3 * imageSize * imageSize)
  return opened.run({ [input]: { data, shape: [pictures, ...sides] } }).catch(error => {
    throw new InvalidArgumentError({
      argument: file,
      rule: `must run on ${pictures} pictures of ${imageSize} x ${imageSize} pixels (${inputLayout})`,
      received: (error as Error).message.split('\n')[0]!.replace(/\.$/, ''),
      fix: 'Give its size with pictureSize, its layout with inputLayout, or export it for any number of pictures.',
    })
  })
}

function shapeOf(
  { shape, type }: HostTensor,
  name: string,
  batch: OnnxImageConfig['batch'],
): readonly number[] {
  const pictures = picturesOf(batch)
  if (type === 'float32' && shape[0] === pictures) return shape
  throw new InvalidArgumentError({
    argument: name,
    rule: `must be float32 with the pictures as its first axis: ${pictures} of them`,
    received: `${type} [${shape.join(', ')}]`,
    fix: 'Name another output, or export the model in float32.',
  })
}
