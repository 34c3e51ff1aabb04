/** Bit patterns of float32 at which float16 changes its form: the first that becomes infinite, and 2^-14. */
const [OVERFLOW, SMALLEST_NORMAL, INFINITE] = [0x477ff000, 0x38800000, 0x7f800000]

/** Float32 values as float16 bit patterns, rounded to the nearest, ties to even (IEEE 754). */
export function toHalf(values: Float32Array): Uint16Array {
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length)
  const halves = new Uint16Array(values.length)
  for (let i = 0; i < halves.length; i++) {
    const all = bits[i]!
    const magnitude = all & 0x7fffffff
    const sign = (all >>> 16) & 0x8000
    if (magnitude >= OVERFLOW) halves[i] = sign | (magnitude > INFINITE ? 0x7e00 : 0x7c00)
    else if (magnitude < SMALLEST_NORMAL) {
      // Whole multiples of 2^-24; adding 2^52 leaves a double no digit after the point.
      halves[i] = sign | (Math.abs(values[i]!) * 2 ** 24 + 2 ** 52 - 2 ** 52)
    } else halves[i] = sign | ((magnitude - 0x38000000 + 0xfff + ((magnitude >>> 13) & 1)) >>> 13)
  }
  return halves
}

let table: Float32Array | undefined

/** The value of every float16 by its bit pattern. */
function valuesOfHalves(): Float32Array {
  table ??= Float32Array.from({ length: 0x10000 }, (_, half) => {
    const sign = half & 0x8000 ? -1 : 1
    const exponent = (half >> 10) & 0x1f
    const fraction = (half & 0x3ff) / 1024
    if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN
    return exponent === 0 ? sign * 2 ** -14 * fraction : sign * 2 ** (exponent - 15) * (1 + fraction)
  })
  return table
}

/** Float16 bit patterns as float32 values; every one is exact. */
export function fromHalf(halves: Uint16Array): Float32Array {
  const known = valuesOfHalves()
  const values = new Float32Array(halves.length)
  for (let i = 0; i < values.length; i++) values[i] = known[halves[i]!]!
  return values
}
