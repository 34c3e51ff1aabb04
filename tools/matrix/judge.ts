import type { Numbers, Task } from './compute'
import type { Reference } from './reference'
import type { Computed } from './run-subjects'

/** How far a way of computing is from float64, or why it gives nothing. */
export interface Verdict {
  subject: string
  task: Task
  /** The largest difference, relative to the largest number of the task. */
  error?: number
  reason?: string
}

/** Differences up to here are those of float32. */
export const TOLERANCE = 1e-4

const largest = (numbers: Numbers): number =>
  Object.values(numbers).reduce(
    (most, values) => values.reduce((max, x) => Math.max(max, Math.abs(x)), most),
    0,
  )

const difference = (a: Numbers, b: Numbers): Numbers =>
  Object.fromEntries(
    Object.entries(a).map(([name, values]) => {
      const others = b[name]
      return [
        name,
        values.map((value, i) => (others?.length === values.length ? value - others[i]! : Number.NaN)),
      ]
    }),
  )

const hasNaN = (numbers: Numbers): boolean => Object.values(numbers).some(values => values.some(Number.isNaN))

/**
 * Measures what was computed by the reference: outputs and gradients by the largest of them, a training step by the longest
 * way that it moved a parameter.
 */
export function judge({ computed, parameters }: Reference, results: readonly Computed[]): Verdict[] {
  return results.map(({ subject, task, numbers, error }) => {
    if (!numbers) return { subject, task, reason: error ?? 'nothing was computed' }
    const exact = computed.find(one => one.subject === subject && one.task === task)!.numbers!
    const wrong = difference(exact, numbers)
    if (hasNaN(wrong)) return { subject, task, reason: 'other tensors, or numbers that are none' }
    const scale = largest(task === 'training step' ? difference(exact, parameters[subject]!) : exact)
    return { subject, task, error: largest(wrong) / scale }
  })
}
