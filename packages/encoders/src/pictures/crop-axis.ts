/** One axis of a crop out of a resized picture. */
export interface CropAxis {
  /** Pixels of the whole axis before and after resizing. */
  from: number
  to: number
  /** The first pixel of the crop, after resizing. */
  start: number
}

/** How a picture of any sides becomes a square. */
export interface CropRule {
  /** Short side (`crop`) or both sides (`stretch`) after resizing, pixels. */
  resize: number
  /** Side of the square that is cut from the middle, pixels. */
  size: number
  /** Whether the sides keep their proportion, or both become `resize`. */
  fit: 'crop' | 'stretch'
  /** Where the crop begins when the middle lies on half a pixel. */
  halfPixel: 'even' | 'down'
}

/** Rounds halves to the even number, as Python does: a crop of 224 from 341 starts at 58, not 59. */
function roundHalfToEven(value: number): number {
  const floor = Math.floor(value)
  if (value - floor !== 0.5) return Math.round(value)
  return floor % 2 === 0 ? floor : floor + 1
}

/**
 * The axes of `Resize(resize)` and `CenterCrop(size)`: with `crop` the short side becomes `resize` and the long side
 * `floor(resize * long / short)`. The crop starts at `(side - size) / 2`, whose halves torchvision rounds to even and
 * Hugging Face's processors down.
 */
export function cropAxes(
  width: number,
  height: number,
  { resize, size, fit, halfPixel }: CropRule,
): { x: CropAxis; y: CropAxis } {
  const short = Math.min(width, height)
  const axis = (side: number): CropAxis => {
    const to = side === short || fit === 'stretch' ? resize : Math.floor((resize * side) / short)
    const start = (to - size) / 2
    return { from: side, to, start: halfPixel === 'even' ? roundHalfToEven(start) : Math.floor(start) }
  }
  return { x: axis(width), y: axis(height) }
}
