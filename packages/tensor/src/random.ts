/** What names one stream of random numbers; the same key gives the same numbers on every engine. */
export interface RandomKey {
  seed: number
  /** @default 0 */
  step?: number
  /** The place that draws, e.g. a parameter's or a dropout's name. */
  site: string
}

/** 32-bit FNV-1a of a string: turns a site's name into a number. */
export function hashString(text: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  return hash >>> 0
}

/** The high half of the 64-bit product of `x` and `high * 2^16 + low`, put together from 16-bit halves: nothing overflows. */
function highHalf(x: number, high: number, low: number): number {
  const xHigh = x >>> 16
  const xLow = x & 0xffff
  const a = (Math.imul(high, xLow) + (Math.imul(low, xLow) >>> 16)) | 0
  const b = (Math.imul(low, xHigh) + (a & 0xffff)) | 0
  return (Math.imul(high, xHigh) + (a >>> 16) + (b >>> 16)) | 0
}

/** The ten rounds, written straight into `out`. Everything stays a 32-bit integer. */
function philoxBlock(
  out: Uint32Array,
  offset: number,
  counter0: number,
  counter1: number,
  counter2: number,
  counter3: number,
  key0: number,
  key1: number,
): void {
  let c0 = counter0 | 0
  let c1 = counter1 | 0
  let c2 = counter2 | 0
  let c3 = counter3 | 0
  let k0 = key0 | 0
  let k1 = key1 | 0
  for (let round = 0; round < 10; round++) {
    const high0 = highHalf(c0, 0xd251, 0x1f53)
    const high2 = highHalf(c2, 0xcd9e, 0x8d57)
    const low0 = Math.imul(0xd2511f53, c0)
    const low2 = Math.imul(0xcd9e8d57, c2)
    c0 = high2 ^ c1 ^ k0
    c1 = low2
    c2 = high0 ^ c3 ^ k1
    c3 = low0
    k0 = (k0 + 0x9e3779b9) | 0
    k1 = (k1 + 0xbb67ae85) | 0
  }
  out[offset] = c0
  out[offset + 1] = c1
  out[offset + 2] = c2
  out[offset + 3] = c3
}

/**
 * Philox 4x32-10, a counter-based generator: four random 32-bit words from a 128-bit counter and a 64-bit key.
 * Source: Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011.
 */
export function philox(
  counter: readonly [number, number, number, number],
  key: readonly [number, number],
  out: Uint32Array = new Uint32Array(4),
): Uint32Array {
  philoxBlock(out, 0, ...counter, ...key)
  return out
}

/** Second half of the key of every stream, beside the seed. */
export const STREAM_KEY = 0x4d41462e

/** `count` random 32-bit words of the stream that `key` names. */
export function randomWords(count: number, { seed, step = 0, site }: RandomKey): Uint32Array {
  const words = new Uint32Array(Math.ceil(count / 4) * 4)
  const seedHigh = Math.floor(seed / 0x100000000)
  const place = hashString(site)
  for (let i = 0; i * 4 < count; i++) {
    philoxBlock(words, i * 4, i, place, step, seedHigh, seed, STREAM_KEY)
  }
  return words.subarray(0, count)
}

/** `count` numbers uniform in [0, 1), each with 24 random bits, exact in float32. */
export function uniform(count: number, key: RandomKey): Float32Array {
  const words = randomWords(count, key)
  const values = new Float32Array(count)
  for (let i = 0; i < count; i++) values[i] = (words[i]! >>> 8) / 0x1000000
  return values
}

/** `count` numbers of the standard normal distribution; every pair of draws gives two (Box and Muller 1958). */
export function normal(count: number, key: RandomKey): Float32Array {
  const pairs = Math.ceil(count / 2)
  const draws = uniform(pairs * 2, key)
  const values = new Float32Array(pairs * 2)
  for (let i = 0; i < values.length; i += 2) {
    const radius = Math.sqrt(-2 * Math.log(1 - draws[i]!))
    const angle = 2 * Math.PI * draws[i + 1]!
    values[i] = radius * Math.cos(angle)
    values[i + 1] = radius * Math.sin(angle)
  }
  return values.subarray(0, count)
}

/** The numbers 0 .. count - 1 in random order (Fisher-Yates). */
export function permutation(count: number, key: RandomKey): number[] {
  const order = Array.from({ length: count }, (_, i) => i)
  const draws = randomWords(count, key)
  for (let i = count - 1; i > 0; i--) {
    const j = Math.floor((draws[i]! / 0x100000000) * (i + 1))
    const swapped = order[i]!
    order[i] = order[j]!
    order[j] = swapped
  }
  return order
}
