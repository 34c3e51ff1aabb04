import type { DeclaredInput } from '@mafjs/compile'
import { InvalidArgumentError } from '@mafjs/tensor'
import type { OnnxImageConfig, PictureLayout } from './onnx-image-config'

type InputPart = Pick<OnnxImageConfig, 'input' | 'inputLayout' | 'batch'> & { imageSize: number | 'any' }
type RegionsPart = Pick<OnnxImageConfig, 'regionsLayout' | 'regions' | 'channels'>

/** A length that is declared, or nothing where any will do. */
const fixed = (length: number | string | undefined): number | undefined =>
  typeof length === 'number' && length > 0 ? length : undefined

const shown = (shape: readonly (number | string)[]): string =>
  `[${shape.map(length => (fixed(length) === undefined ? length || '?' : length)).join(', ')}]`

/**
 * What a model's declared inputs say of the pictures it takes.
 *
 * @param file what the model is called in errors
 * @param layout where its channels are, for a shape that does not tell
 * @throws InvalidArgumentError for inputs that are not one tensor of square pictures in float32 or float16, or whose layout cannot be
 * told.
 */
export function readInput(inputs: readonly DeclaredInput[], file: string, layout?: PictureLayout): InputPart {
  const refuse = (rule: string, received: string, fix: string): never => {
    throw new InvalidArgumentError({ argument: file, rule, received, fix })
  }
  const [input] = inputs
  if (!input || inputs.length > 1) {
    const names = inputs.map(({ name }) => name).join(', ') || 'none'
    return refuse('must read one input, the pictures', names, 'Export the image model alone.')
  }
  const { name, type, shape } = input
  const declared = `${name}: ${type} ${shown(shape)}`
  const rule =
    'must read float32 or float16 pictures [pictures, 3, height, width] (NCHW) or [pictures, height, width, 3] (NHWC)'
  if (!['float32', 'float16'].includes(type) || shape.length !== 4) {
    return refuse(rule, declared, 'Export it for float32 pictures.')
  }
  const isFirst = fixed(shape[1]) === 3
  const isLast = fixed(shape[3]) === 3
  if (layout === undefined && isFirst === isLast) {
    return refuse(
      'must declare 3 channels at axis 1 (NCHW) or at axis 3 (NHWC), not at both and not at neither',
      declared,
      'Say which it is with inputLayout.',
    )
  }
  const inputLayout = layout ?? (isFirst ? 'NCHW' : 'NHWC')
  const [channels, height, width] = (inputLayout === 'NCHW' ? [1, 2, 3] : [3, 1, 2]).map(axis =>
    fixed(shape[axis]),
  )
  if (channels !== undefined && channels !== 3) {
    return refuse(`must have 3 channels where ${inputLayout} has them`, declared, 'Give the other layout.')
  }
  if (height !== undefined && width !== undefined && height !== width) {
    return refuse('must read square pictures', declared, 'Export it for square pictures.')
  }
  return { input: name, inputLayout, batch: fixed(shape[0]) ?? 'any', imageSize: height ?? width ?? 'any' }
}

/**
 * What the shape of an output says of the regions in it. Of a map, the two equal sides beside each other are height and
 * width: pictures are square.
 *
 * @param output what it is called in errors
 * @param shape of what came out, pictures first
 * @param layout where its channels are, for a map that does not tell
 * @throws InvalidArgumentError for a shape that holds no regions, or a map whose layout cannot be told.
 */
export function readRegions(output: string, shape: readonly number[], layout?: PictureLayout): RegionsPart {
  const refuse = (rule: string, fix: string): never => {
    throw new InvalidArgumentError({ argument: output, rule, received: shown(shape), fix })
  }
  const [, a, b, c] = shape as [number, number, number, number]
  if (shape.length === 3 && layout === undefined) return { regionsLayout: 'NLC', regions: a, channels: b }
  if (shape.length === 3) {
    return refuse(`must be a map of four axes to be ${layout}`, 'Leave regionsLayout out.')
  }
  if (shape.length !== 4) {
    return refuse(
      'must be a map [pictures, channels, height, width] or [pictures, height, width, channels], or a sequence ' +
        '[pictures, regions, channels]',
      'Name an output before the pooling as regionsOutput.',
    )
  }
  const isFirst = b === c
  const isLast = a === b
  if (layout === undefined && isFirst === isLast) {
    return refuse(
      'must show where its channels are: in a square map, either axes 2 and 3 are equal (NCHW) or axes 1 and 2 (NHWC), ' +
        'not both and not neither',
      'Say which it is with regionsLayout.',
    )
  }
  const regionsLayout = layout ?? (isFirst ? 'NCHW' : 'NHWC')
  return regionsLayout === 'NCHW'
    ? { regionsLayout, regions: b * c, channels: a }
    : { regionsLayout, regions: a * b, channels: c }
}

/**
 * Checks that an output is one vector of `channels` numbers for each picture.
 *
 * @throws InvalidArgumentError naming the output.
 */
export function assertSummary(output: string, shape: readonly number[], channels: number): void {
  const [, ...rest] = shape
  if (rest.length > 0 && rest.filter(length => length !== 1).length <= 1) {
    if (rest.reduce((product, length) => product * length, 1) === channels) return
  }
  throw new InvalidArgumentError({
    argument: output,
    rule: `must be [pictures, ${channels}], as large as a region, to be the summary`,
    received: shown(shape),
    fix: 'Leave summaryOutput out: the mean of the regions is the summary then.',
  })
}
