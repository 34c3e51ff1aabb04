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

/** Means of groups of `size` measurements that follow each other; an unfinished last group is left out. */
export function groupMeans(values: readonly number[], size: number): number[] {
  return Array.from({ length: Math.floor(values.length / size) }, (_, group) => {
    const members = values.slice(group * size, (group + 1) * size)
    return members.reduce((sum, value) => sum + value, 0) / size
  })
}
