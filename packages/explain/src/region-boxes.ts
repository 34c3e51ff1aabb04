import type { Box, ExplainedPicture } from './explanation'

/** Where the regions of a picture lie on it as a person sees it, row by row. */
export function regionBoxes({
  seen,
  rows,
  columns,
}: Pick<ExplainedPicture, 'seen' | 'rows' | 'columns'>): Box[] {
  const [width, height] = [seen.width / columns, seen.height / rows]
  return Array.from({ length: rows * columns }, (_, region) => ({
    left: seen.left + (region % columns) * width,
    top: seen.top + Math.floor(region / columns) * height,
    width,
    height,
  }))
}
