/** Rows of `[height, width, channels]` as `[channels, height, width]`; `sites` is height times width. */
export function channelsFirst(rows: Float32Array, sites: number, channels: number): Float32Array {
  return exchangeAxes(rows, sites, channels)
}

/** Rows of `[channels, height, width]` as `[height, width, channels]`; `sites` is height times width. */
export function channelsLast(rows: Float32Array, sites: number, channels: number): Float32Array {
  return exchangeAxes(rows, channels, sites)
}

/** Every row's matrix `[height, width]` transposed. */
function exchangeAxes(rows: Float32Array, height: number, width: number): Float32Array {
  const size = height * width
  const result = new Float32Array(rows.length)
  for (let start = 0; start < rows.length; start += size) {
    for (let y = 0; y < height; y++) {
      const line = start + y * width
      for (let x = 0; x < width; x++) result[start + x * height + y] = rows[line + x]!
    }
  }
  return result
}
