/** A decoded picture: 8-bit sRGB, upright where it is read by its steps. */
export interface Raster {
  width: number
  height: number
  /** Three numbers a pixel, rows as they were stored. */
  values: Uint8Array
  /** Where the upper left pixel lies in `values`. */
  start: number
  /** From a pixel to the next on its right. */
  across: number
  /** From a pixel to the one below it. */
  down: number
}

/** A picture's pixels, and its sides before a JPEG was decoded smaller. */
export interface DecodedPicture extends Raster {
  whole: Pick<Raster, 'width' | 'height'>
}

/** The values of EXIF's orientation whose stored columns, or rows, run the other way. */
const COLUMNS_REVERSED = [2, 3, 7, 8]
const ROWS_REVERSED = [3, 4, 6, 7]

/** From this value on stored rows are columns of the upright picture. */
const FIRST_TURNED = 5

/** The sides of a stored picture once it is upright. */
export const uprightSides = (
  { width, height }: Pick<Raster, 'width' | 'height'>,
  orientation: number,
): Pick<Raster, 'width' | 'height'> =>
  orientation < FIRST_TURNED ? { width, height } : { width: height, height: width }

/** A picture as stored, read upright: no pixel is moved. */
export function uprightRaster(
  values: Uint8Array,
  stored: Pick<Raster, 'width' | 'height'>,
  orientation: number,
): Raster {
  const { width, height } = stored
  const column = COLUMNS_REVERSED.includes(orientation) ? -3 : 3
  const row = (ROWS_REVERSED.includes(orientation) ? -3 : 3) * width
  const start = (column < 0 ? 3 * (width - 1) : 0) + (row < 0 ? 3 * width * (height - 1) : 0)
  const [across, down] = orientation < FIRST_TURNED ? [column, row] : [row, column]
  return { ...uprightSides(stored, orientation), values, start, across, down }
}
