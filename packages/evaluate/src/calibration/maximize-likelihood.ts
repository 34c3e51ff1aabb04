/** A log likelihood at a point, how it changes with each parameter, and how surely the parameters are known by it. */
export interface Likelihood {
  value: number
  gradient: number[]
  /** Fisher's, `[parameter][parameter]` */
  information: number[][]
}

/** Adds to a likelihood what one observation says: `error` is observed minus expected, `variance` that of the expected. */
export function addObservation(
  { gradient, information }: Likelihood,
  slopes: readonly number[],
  { error, variance }: { error: number; variance: number },
): void {
  for (const [i, slope] of slopes.entries()) {
    gradient[i]! += error * slope
    for (const [j, other] of slopes.entries()) information[i]![j]! += variance * slope * other
  }
}

/** Nothing observed yet. */
export const emptyLikelihood = (parameters: number): Likelihood => ({
  value: 0,
  gradient: new Array<number>(parameters).fill(0),
  information: Array.from({ length: parameters }, () => new Array<number>(parameters).fill(0)),
})

/** Steps at most; it takes some ten. */
const STEPS = 200

/** The likeliest point, by Fisher's scoring with Levenberg's damping: a step that makes it less likely is not taken. */
export function maximizeLikelihood(
  start: readonly number[],
  likelihoodAt: (point: readonly number[]) => Likelihood,
): readonly number[] {
  let [point, now, damping] = [start, likelihoodAt(start), 1e-3]
  for (let step = 0; step < STEPS && damping < 1e9; step++) {
    const move = solve(now, damping)
    const next = point.map((value, i) => value + move[i]!)
    const then = likelihoodAt(next)
    if (then.value > now.value) {
      const gain = then.value - now.value
      ;[point, now, damping] = [next, then, damping / 4]
      if (gain < 1e-12 * Math.abs(then.value)) break
    } else damping *= 4
  }
  return point
}

/** Solves a damped system by Gauss's elimination; the matrix is positive definite, so no row has to be exchanged. */
function solve({ information, gradient }: Likelihood, damping: number): number[] {
  const size = gradient.length
  const rows = information.map((row, i) => [
    ...row.map((value, j) => (i === j ? value * (1 + damping) + damping * 1e-6 : value)),
    gradient[i]!,
  ])
  for (const [i, pivot] of rows.entries()) {
    for (const [other, row] of rows.entries()) {
      if (other === i) continue
      const factor = row[i]! / pivot[i]!
      for (let j = i; j <= size; j++) row[j]! -= factor * pivot[j]!
    }
  }
  return rows.map((row, i) => row[size]! / row[i]!)
}
