import { hashString } from '@mafjs/tensor'

/** 32-bit FNV-1a of the name and a multiply-xorshift hash of the index: the uniform number both sides can draw. */
function uniformAt(seed: number, index: number): number {
  let x = (Math.imul(index, 0x9e3779b1) + seed) | 0
  x = Math.imul(x ^ (x >>> 16), 0x7feb352d)
  x = Math.imul(x ^ (x >>> 15), 0x846ca68b)
  return ((x ^ (x >>> 16)) >>> 0) / 0x100000000
}

const seedOf = (name: string, globalSeed: number): number => (hashString(name) ^ globalSeed) | 0

/** The range each kind of parameter is drawn from: `offset + width * u` for u in [0, 1). */
function rangeOf(name: string, shape: readonly number[]): { offset: number; width: number } {
  if (shape.length > 1) {
    const limit = Math.sqrt(6 / shape.slice(1).reduce((size, axis) => size * axis, 1))
    return { offset: -limit, width: 2 * limit }
  }
  if (name.endsWith('.running_mean') || name.endsWith('.bias')) return { offset: -0.1, width: 0.2 }
  if (name.endsWith('.running_var')) return { offset: 0.5, width: 1 }
  return { offset: 0.75, width: 0.5 }
}

/** The golden weight of this name, as `../shared/golden/FORMAT.md` describes it. */
export function resNetWeight(
  name: string,
  shape: readonly number[],
  { globalSeed, bottleneck }: { globalSeed: number; bottleneck: boolean },
): Float32Array {
  const size = shape.reduce((product, axis) => product * axis, 1)
  const seed = seedOf(name, globalSeed)
  const lastNorm = bottleneck ? '.bn3.weight' : '.bn2.weight'
  const scale = name.startsWith('layer') && name.endsWith(lastNorm) ? 0.25 : 1
  const { offset, width } = rangeOf(name, shape)
  const half = width / 2
  // The order of the operations is the formula's own, so that the rounding is too.
  const symmetric = offset === -half
  const values = new Float32Array(size)
  for (let i = 0; i < size; i++) {
    const u = uniformAt(seed, i)
    values[i] = (symmetric ? (2 * u - 1) * half : offset + width * u) * scale
  }
  return values
}

/** The golden picture, NCHW as it is described, in [-2, 2). */
export function resNetPicture([batch, channels, height, width]: readonly number[], globalSeed: number) {
  const seed = seedOf('input', globalSeed)
  const size = batch! * channels! * height! * width!
  return Float32Array.from({ length: size }, (_, i) => (2 * uniformAt(seed, i) - 1) * 2)
}
