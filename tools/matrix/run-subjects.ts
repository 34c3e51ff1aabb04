import type { Module } from '@mafjs/tensor'
import * as tf from '@tensorflow/tfjs-core'
import { type Numbers, TASKS, type Task } from './compute'
import { SUBJECTS, type Subject } from './subjects'

/** What one way of computing made of one task, or why it could not. */
export interface Computed {
  subject: string
  task: Task
  numbers?: Numbers
  error?: string
}

/** One way of computing a module. */
export type Compute = (module: Module<never, object>, subject: Subject, task: Task) => Promise<Numbers>

/** Computes every task of every module; what fails leaves the others alone. */
export async function runSubjects(compute: Compute, tasks: readonly Task[] = TASKS): Promise<Computed[]> {
  const results: Computed[] = []
  for (const subject of SUBJECTS) {
    for (const task of tasks) {
      const module = subject.create()
      try {
        results.push({ subject: subject.name, task, numbers: await compute(module, subject, task) })
      } catch (error) {
        const { message } = error as Error
        results.push({ subject: subject.name, task, error: message ?? String(error) })
      }
      module.dispose()
      tf.disposeVariables()
    }
  }
  return results
}
