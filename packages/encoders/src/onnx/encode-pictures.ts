import type { Feed, HostTensor, OpenedModel } from '@mafjs/compile'
import { InvalidArgumentError } from '@mafjs/tensor'
import type { EncodingArrays, PictureArrays } from '../image/image-arrays'
import type { OnnxImageConfig } from './onnx-image-config'
import { channelsFirst, channelsLast } from './picture-layout'

/**
 * Encodes the pictures that are there, as many at a time as the model takes; the rows of those that are not are zeros.
 *
 * @throws InvalidArgumentError for pictures of another size, or where the model gives other shapes than before.
 */
export async function encodePictures(
  opened: Pick<OpenedModel, 'run'>,
  { pixels, present }: PictureArrays,
  config: OnnxImageConfig,
): Promise<EncodingArrays> {
  const { imageSize, regions, channels } = config
  const [count, height, width] = pixels.shape as [number, number, number, number]
  if (height !== imageSize || width !== imageSize) {
    throw new InvalidArgumentError({
      argument: 'pixels',
      rule: `must be pictures of ${imageSize} x ${imageSize} pixels, which the ONNX image model reads`,
      received: `${height} x ${width}`,
      fix: 'Load the pictures in that size.',
    })
  }
  const states = new Float32Array(count * regions * channels)
  const summary = new Float32Array(count * channels)
  const mask = new Float32Array(count * regions)
  const rows = Array.from({ length: count }, (_, row) => row).filter(row => present.data[row]! > 0)
  const most = config.batch === 'any' ? Math.max(1, rows.length) : config.batch
  for (let at = 0; at < rows.length; at += most) {
    const chosen = rows.slice(at, at + most)
    const size = config.batch === 'any' ? chosen.length : most
    const results = await opened.run({ [config.input]: pictureFeed(pixels.data, chosen, size, config) })
    const found = encodingOf(results, size, config)
    for (const [i, row] of chosen.entries()) {
      const all = regions * channels
      states.set(found.states.subarray(i * all, (i + 1) * all), row * all)
      summary.set(found.summary.subarray(i * channels, (i + 1) * channels), row * channels)
      mask.fill(1, row * regions, (row + 1) * regions)
    }
  }
  return {
    states: { data: states, shape: [count, regions, channels] },
    summary: { data: summary, shape: [count, channels] },
    mask: { data: mask, shape: [count, regions] },
  }
}

/** Some pictures of a batch in the model's layout; zeros where a fixed number asks for more than there are. */
function pictureFeed(
  pixels: Float32Array,
  rows: readonly number[],
  size: number,
  { inputLayout, imageSize }: OnnxImageConfig,
): Feed {
  const sites = imageSize * imageSize
  const numbers = sites * 3
  const chosen = new Float32Array(size * numbers)
  for (const [i, row] of rows.entries()) {
    chosen.set(pixels.subarray(row * numbers, (row + 1) * numbers), i * numbers)
  }
  return inputLayout === 'NHWC'
    ? { data: chosen, shape: [size, imageSize, imageSize, 3] }
    : { data: channelsFirst(chosen, sites, 3), shape: [size, 3, imageSize, imageSize] }
}

/** `[size, regions, channels]` and `[size, channels]`, from what the model gave. */
function encodingOf(
  results: Readonly<Record<string, HostTensor>>,
  size: number,
  { regionsOutput, regionsLayout, summaryOutput, regions, channels }: OnnxImageConfig,
): { states: Float32Array; summary: Float32Array } {
  const take = (name: string, length: number): Float32Array => {
    const { data, shape } = results[name]!
    if (shape[0] === size && data.length === size * length) return data as Float32Array
    throw new InvalidArgumentError({
      argument: name,
      rule: `must give ${length} numbers for each of ${size} pictures, as it did when the model was first opened`,
      received: `[${shape.join(', ')}]`,
      fix: 'Export the image model so that no output depends on the other pictures of a batch.',
    })
  }
  const given = take(regionsOutput, regions * channels)
  const states = regionsLayout === 'NCHW' ? channelsLast(given, regions, channels) : given
  const summary =
    summaryOutput === undefined ? meanOf(states, size, regions, channels) : take(summaryOutput, channels)
  return { states, summary }
}

/** The mean of every picture's regions. */
function meanOf(states: Float32Array, size: number, regions: number, channels: number): Float32Array {
  const means = new Float32Array(size * channels)
  for (let picture = 0; picture < size; picture++) {
    for (let channel = 0; channel < channels; channel++) {
      let sum = 0
      for (let region = 0; region < regions; region++) {
        sum += states[(picture * regions + region) * channels + channel]!
      }
      means[picture * channels + channel] = sum / regions
    }
  }
  return means
}
