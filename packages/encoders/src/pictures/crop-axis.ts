/** One axis of a crop out of a resized picture. */
export interface CropAxis {
  /** Pixels of the whole axis before and after resizing. */
  from: number
  to: number
  /** The first pixel of the crop, after resizing. */
  start: number
}

/** Rounds halves to the even number, as Python does: a crop of 224 from 341 starts at 58, not 59. */
function roundHalfToEven(value: number): number {
  const floor = Math.floor(value)
  if (value - floor !== 0.5) return Math.round(value)
  return floor % 2 === 0 ? floor : floor + 1
}

/**
 * The axes of torchvision's `Resize(resize)` and `CenterCrop(size)`: the short side becomes `resize`, the long side
 * `floor(resize * long / short)`, and the crop starts at `round((side - size) / 2)`.
 */
export function cropAxes(
  width: number,
  height: number,
  resize: number,
  size: number,
): { x: CropAxis; y: CropAxis } {
  const short = Math.min(width, height)
  const axis = (side: number): CropAxis => {
    const to = side === short ? resize : Math.floor((resize * side) / short)
    return { from: side, to, start: roundHalfToEven((to - size) / 2) }
  }
  return { x: axis(width), y: axis(height) }
}
