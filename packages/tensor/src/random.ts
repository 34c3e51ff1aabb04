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

const multiplyHigh = (a: number, b: number): number => {
  const aLow = a & 0xffff
  const aHigh = a >>> 16
  const bLow = b & 0xffff
  const bHigh = b >>> 16
  const middle = aHigh * bLow + ((aLow * bLow) >>> 16)
  const carry = (middle & 0xffff) + aLow * bHigh
  return (aHigh * bHigh + Math.floor(middle / 0x10000) + Math.floor(carry / 0x10000)) >>> 0
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
  let [c0, c1, c2, c3] = counter
  let [k0, k1] = key
  for (let round = 0; round < 10; round++) {
    const high0 = multiplyHigh(0xd2511f53, c0)
    const low0 = Math.imul(0xd2511f53, c0)
    const high1 = multiplyHigh(0xcd9e8d57, c2)
    const low1 = Math.imul(0xcd9e8d57, c2)
    c0 = (high1 ^ c1 ^ k0) >>> 0
    c1 = low1 >>> 0
    c2 = (high0 ^ c3 ^ k1) >>> 0
    c3 = low0 >>> 0
    k0 = (k0 + 0x9e3779b9) >>> 0
    k1 = (k1 + 0xbb67ae85) >>> 0
  }
  out[0] = c0
  out[1] = c1
  out[2] = c2
  out[3] = c3
  return out
}

/** `count` random 32-bit words of the stream that `key` names. */
export function randomWords(count: number, { seed, step = 0, site }: RandomKey): Uint32Array {
  const words = new Uint32Array(Math.ceil(count / 4) * 4)
  const block = new Uint32Array(4)
  const streamHigh = Math.floor(seed / 0x100000000) >>> 0
  const place = hashString(site)
  for (let i = 0; i * 4 < count; i++) {
    words.set(philox([i, place, step >>> 0, streamHigh], [seed >>> 0, 0x4d41462e], block), i * 4)
  }
  return words.subarray(0, count)
}

/** `count` numbers uniform in [0, 1), each with 24 random bits, exact in float32. */
export function uniform(count: number, key: RandomKey): Float32Array {
  const words = randomWords(count, key)
  return Float32Array.from(words, word => (word >>> 8) / 0x1000000)
}

/** `count` numbers of the standard normal distribution (Box-Muller). */
export function normal(count: number, key: RandomKey): Float32Array {
  const draws = uniform(count * 2, key)
  return Float32Array.from({ length: count }, (_, i) => {
    const radius = Math.sqrt(-2 * Math.log(1 - draws[2 * i]!))
    return radius * Math.cos(2 * Math.PI * draws[2 * i + 1]!)
  })
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
