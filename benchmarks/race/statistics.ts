import { quantile } from '@mafjs/evaluate'

/** What is said of some measurements. */
export interface Summary {
  median: number
  /** First and third quartile. */
  low: number
  high: number
  /** How many measurements. */
  count: number
}

/** Median and quartiles. */
export const summarise = (values: readonly number[]): Summary => ({
  median: quantile(values, 0.5),
  low: quantile(values, 0.25),
  high: quantile(values, 0.75),
  count: values.length,
})

/** Ours over theirs. */
export interface Ratio {
  /** Of the medians. */
  ratio: number
  /** Quartiles of the ratios of neighbouring turns. */
  ratioLow: number
  ratioHigh: number
}

/** Compares turns that stood beside each other. */
export function ratioOf(ours: readonly number[], theirs: readonly number[]): Ratio {
  const ratios = ours.map((time, turn) => time / theirs[turn]!)
  return {
    ratio: quantile(ours, 0.5) / quantile(theirs, 0.5),
    ratioLow: quantile(ratios, 0.25),
    ratioHigh: quantile(ratios, 0.75),
  }
}

/** What a whole takes, by some of its steps that were drawn at random. */
export interface Estimate {
  total: number
  /** Half of the interval that holds it 95 times of 100. */
  spread: number
}

/** Scales the times of drawn steps up to all steps of a whole. @throws Error for fewer than two */
export function scaleUp(times: readonly number[], steps: number): Estimate {
  const count = times.length
  if (count < 2) throw new Error(`Two steps are needed to tell a spread. Received: ${count}.`)
  const mean = times.reduce((sum, time) => sum + time, 0) / count
  const variance = times.reduce((sum, time) => sum + (time - mean) ** 2, 0) / (count - 1)
  return { total: mean * steps, spread: 1.96 * Math.sqrt(variance / count) * steps }
}

/** The exponent of a power law through some points: the slope of log y against log x, by least squares. */
export function growth(x: readonly number[], y: readonly number[]): number {
  const [u, v] = [x.map(Math.log), y.map(Math.log)]
  const mean = (values: readonly number[]): number =>
    values.reduce((sum, value) => sum + value, 0) / values.length
  const [meanU, meanV] = [mean(u), mean(v)]
  const products = u.map((value, i) => (value - meanU) * (v[i]! - meanV))
  const squares = u.map(value => (value - meanU) ** 2)
  return mean(products) / mean(squares)
}

/** Means of groups of `size` measurements that follow each other; an unfinished last group is left out. */
export function groupMeans(values: readonly number[], size: number): number[] {
  return Array.from({ length: Math.floor(values.length / size) }, (_, group) => {
    const members = values.slice(group * size, (group + 1) * size)
    return members.reduce((sum, value) => sum + value, 0) / size
  })
}
