import type { Range } from './calibrate'

/** How the numbers of a map are written as uint8: `scale * (byte - zeroPoint)`. */
export interface Affine {
  scale: number
  zeroPoint: number
}

/**
 * The scale and zero point that spread a range over uint8. Zero is always within and exact, so that padding is
 * (Jacob et al. 2018, section 2.1).
 */
export function affineOf({ least, greatest }: Range): Affine {
  const from = Math.min(least, 0)
  const to = Math.max(greatest, 0)
  if (to === from) return { scale: 1, zeroPoint: 0 }
  // Rounded to float32 first: that is the scale the graph will hold.
  const scale = Math.fround((to - from) / 255)
  return { scale, zeroPoint: Math.min(255, Math.max(0, Math.round(-from / scale))) }
}
