/** The slope of a line through points, by least squares. */
export function slope(points: readonly { x: number; y: number }[]): number {
  const mean = (of: 'x' | 'y'): number => points.reduce((sum, point) => sum + point[of], 0) / points.length
  const [x, y] = [mean('x'), mean('y')]
  const [over, under] = points.reduce(
    ([a, b], point) => [a + (point.x - x) * (point.y - y), b + (point.x - x) ** 2],
    [0, 0],
  )
  return under === 0 ? 0 : over / under
}
