/** Float16 bit patterns as float32 values; every one is exact. */
export function fromHalf(halves: Uint16Array): Float32Array {
  const values = new Float32Array(halves.length)
  const bits = new Uint32Array(values.buffer)
  halves.forEach((half, i) => {
    bits[i] = (half & 0x7fff) << 13
    values[i]! *= 2 ** 112 // exponents count from 127 now, not from 15
    if (values[i]! > 65504) bits[i]! |= 0x7f800000 // infinite, or no number
    bits[i]! |= (half & 0x8000) << 16
  })
  return values
}
