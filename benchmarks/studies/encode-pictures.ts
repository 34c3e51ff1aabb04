import { basename, dirname } from 'node:path'
import type { Engine } from '@mafjs/compile/engine'
import { openFeatures } from '@mafjs/data/features'
import { freezeEncoder, loadImageEncoder } from '@mafjs/encoders'

/** Regions of a side that are kept: seven would be five times the memory, and a step as much slower. */
const SIDE = 3

/**
 * What a frozen encoder makes of each picture: 3 x 3 regions, and the mean of all that it gives. What was computed once comes from
 * the cache.
 */
export async function encodePictures(
  files: readonly string[],
  {
    imageEncoder,
    engine,
    featureCache,
  }: { imageEncoder: string; engine: Engine; featureCache?: string | undefined },
): Promise<{ regions: Float32Array; image: Float32Array }[]> {
  const onnx = imageEncoder.endsWith('.onnx') ? { regionsOutput: 'features' } : {}
  const encoder = freezeEncoder(await loadImageEncoder(imageEncoder, { onnx }), engine)
  const images = dirname(files[0]!)
  const features = await openFeatures({ encoder, images, featureCache, onBrokenPicture: 'stop', memory: 0 })
  const encoded = []
  for (const file of files) {
    const { states, summary } = await features.load([{ image: basename(file) }])
    const regions = poolRegions(states.data as Float32Array, states.shape[1]!, SIDE)
    encoded.push({ regions, image: Float32Array.from(summary.data) })
  }
  await features.dispose()
  await encoder.dispose()
  return encoded
}

/**
 * Means of the regions of a square map, fewer on each side: window i of n reaches from floor(i s / n) to ceil((i + 1) s / n), as
 * PyTorch's adaptive pooling has it.
 *
 * @param states `[regions, channels]`, row-major
 * @returns `[side * side, channels]`
 */
export function poolRegions(states: Float32Array, regions: number, side: number): Float32Array {
  const [given, channels] = [Math.sqrt(regions), states.length / regions]
  const windows = Array.from({ length: side }, (_, i) => {
    const [start, end] = [Math.floor((i * given) / side), Math.ceil(((i + 1) * given) / side)]
    return Array.from({ length: end - start }, (_, place) => start + place)
  })
  const pooled = new Float32Array(side * side * channels)
  for (const [i, rows] of windows.entries()) {
    for (const [j, columns] of windows.entries()) {
      const to = (i * side + j) * channels
      for (const place of rows.flatMap(row => columns.map(column => row * given + column))) {
        for (let channel = 0; channel < channels; channel++)
          pooled[to + channel]! += states[place * channels + channel]! / (rows.length * columns.length)
      }
    }
  }
  return pooled
}
