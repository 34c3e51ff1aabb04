import '@tensorflow/tfjs-backend-cpu'
import { registerGradients } from '@mafjs/tensor/gradients'
import * as tf from '@tensorflow/tfjs-core'
import { eagerComputer } from '../engine/computer'
import { inFloat64 } from '../engines/in-float64'
import { type Computed, computeEager, type Numbers, read, runSubjects, TASKS, type Task } from './compute'
import { type Inputs, SUBJECTS } from './subjects'

/** The numbers in float64, and by subject the parameters before any step. */
export interface Reference {
  computed: Computed[]
  parameters: Record<string, Numbers>
}

/** Computes every task in float64, from float32 parameters. */
export async function computeReference(): Promise<Reference> {
  tf.env().set('PROD', true)
  await tf.setBackend('cpu')
  registerGradients()
  const parameters: Record<string, Numbers> = {}
  const computed = await runSubjects(async (module, subject, task) => {
    const start = await read(module.parameters())
    parameters[subject.name] = start
    const inputs = eagerComputer().inputs<Inputs>(subject.inputs)
    return inFloat64(async () => {
      for (const [name, variable] of Object.entries(module.parameters()))
        variable.assign(tf.tensor(start[name]!, variable.shape))
      return computeEager(module, { ...subject, inputs }, task)
    })
  })
  return { computed, parameters }
}

/** How far a way of computing is from float64, relative to the largest number of the task, or why it gives nothing. */
export interface Verdict {
  subject: string
  task: Task
  error?: number
  reason?: string
}

/** Differences up to here are those of float32. */
export const TOLERANCE = 1e-4

const largest = (numbers: Numbers): number =>
  Math.max(
    0,
    ...Object.values(numbers).map(values => values.reduce((most, x) => Math.max(most, Math.abs(x)), 0)),
  )

function difference(a: Numbers, b: Numbers): Numbers {
  const entries = Object.entries(a).map(([name, values]) => {
    const others = b[name]?.length === values.length ? b[name] : []
    return [name, values.map((value, i) => value - (others[i] ?? Number.NaN))] as const
  })
  return Object.fromEntries(entries)
}

/**
 * Measures what was computed by the reference: outputs and gradients by the largest of them, a training step by the longest
 * way that it moved a parameter.
 */
export function judge({ computed, parameters }: Reference, results: readonly Computed[]): Verdict[] {
  return results.map(({ subject, task, numbers, error }) => {
    if (!numbers) return { subject, task, reason: error ?? 'nothing was computed' }
    const exact = computed.find(one => one.subject === subject && one.task === task)!.numbers!
    const wrong = difference(exact, numbers)
    if (Object.values(wrong).flat().some(Number.isNaN))
      return { subject, task, reason: 'other tensors, or numbers that are none' }
    const scale = largest(task === 'training step' ? difference(exact, parameters[subject]!) : exact)
    return { subject, task, error: largest(wrong) / scale }
  })
}

/** One way of computing with what came of it. */
export interface MatrixRow {
  target: string
  verdicts: readonly Verdict[]
  note?: string | undefined
  missing?: string | undefined
}

/** The table with a row for each way of computing, and below it why something is not there. */
export function formatMatrix(rows: readonly MatrixRow[]): string {
  const reasons: string[] = []
  const mark = (reason: string): string => {
    const line = reason.split('\n')[0]!
    if (!reasons.includes(line)) reasons.push(line)
    return `[${reasons.indexOf(line) + 1}]`
  }
  const cell = ({ verdicts, missing }: MatrixRow, subject: string): string => {
    if (missing !== undefined) return mark(missing)
    return TASKS.map(task => {
      const verdict = verdicts.find(one => one.subject === subject && one.task === task)
      if (!verdict) return '-'
      return verdict.error === undefined ? mark(verdict.reason!) : verdict.error.toExponential(0)
    }).join(', ')
  }
  const names = SUBJECTS.map(({ name }) => name)
  return [
    `| | ${names.join(' | ')} |`,
    `|---|${names.map(() => '---|').join('')}`,
    ...rows.map(row => {
      const title = row.note === undefined ? row.target : `${row.target} (${row.note})`
      return `| ${title} | ${names.map(name => cell(row, name)).join(' | ')} |`
    }),
    '',
    ...reasons.map((reason, i) => `[${i + 1}] ${reason}\n`),
  ].join('\n')
}
