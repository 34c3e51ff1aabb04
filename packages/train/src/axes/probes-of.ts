/** Lists of one, two and three rows: what has as many elements as there are rows is told from all else. */
export function probesOf<Row>(rows: readonly Row[]): Row[][] {
  if (rows.length === 0) return []
  // Spread over all rows, so that their lengths differ where they can.
  const row = (place: number): Row => rows[Math.floor((place * rows.length) / 6) % rows.length]!
  return [[row(0)], [row(1), row(2)], [row(3), row(4), row(5)]]
}
