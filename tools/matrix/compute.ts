import type { ThreadOptions } from '@mafjs/compile'
import { type Module, valueAndGradients } from '@mafjs/tensor'
import * as tf from '@tensorflow/tfjs-core'
import { compiledComputer, eagerComputer, once, takeValues, type Values } from '../engine/computer'
import { SUBJECTS, type Subject } from './subjects'

/** What is computed of every module. */
export const TASKS = ['forward', 'gradient', 'training step'] as const

/** One of {@link TASKS}. */
export type Task = (typeof TASKS)[number]

/** Numbers of tensors by name. */
export type Numbers = Record<string, number[]>

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
      const about = { subject: subject.name, task }
      try {
        results.push({ ...about, numbers: await compute(module, subject, task) })
      } catch (error) {
        results.push({ ...about, error: (error as Error).message ?? String(error) })
      }
      module.dispose()
      tf.disposeVariables()
    }
  }
  return results
}

/**
 * Adam with an epsilon so large that a gradient's error is not blown up where the gradient is near zero, and a beta2 that
 * tfjs's own Adam, which takes it from 1 in float32, can take without losing its digits: the step is as well conditioned as
 * the gradient.
 */
const ADAM = { learningRate: 0.01, beta1: 0.9, beta2: 0.9, epsilon: 0.01 } as const

/** Updates in a training step's comparison: the second sees what the optimiser kept of the first. */
const UPDATES = 2

const numbersOf = (values: Record<string, Values>): Numbers =>
  Object.fromEntries(Object.entries(values).map(([name, { values: own }]) => [name, Array.from(own)]))

/** The numbers of variables. */
export const read = async (variables: Readonly<Record<string, tf.Tensor>>): Promise<Numbers> =>
  numbersOf(
    await takeValues(Object.fromEntries(Object.entries(variables).map(([name, x]) => [name, tf.clone(x)]))),
  )

/** What a module is asked, as every way of running it asks; nothing is drawn, as no subject has dropout. */
function programsOf(module: Module<never, object>, { outputs, loss }: Subject) {
  const applied = (inputs: object, training: boolean): Record<string, tf.Tensor> =>
    module.apply(inputs as never, { training, seed: 1, checkValues: false } as never) as never
  return {
    forward: (inputs: object) => {
      const all = applied(inputs, false)
      return Object.fromEntries(outputs.map(name => [name, all[name]!]))
    },
    losses: (inputs: object) => ({ total: loss(applied(inputs, true) as never) }),
  }
}

/** Computes a module kernel by kernel on the active backend. */
export const computeEager: Compute = async (module, subject, task) => {
  const inputs = eagerComputer().inputs<object>(subject.inputs)
  const { forward, losses } = programsOf(module, subject)
  const loss = (): tf.Scalar => losses(inputs).total
  const parameters = module.parameters()
  if (task === 'forward') return numbersOf(await takeValues(forward(inputs)))
  if (task === 'gradient') return numbersOf(await takeValues(valueAndGradients(loss, parameters).gradients))
  const { learningRate, beta1, beta2, epsilon } = ADAM
  // tfjs's own.
  const optimizer = tf.train.adam(learningRate, beta1, beta2, epsilon)
  const trained = Object.values(parameters).filter(({ trainable }) => trainable)
  for (let update = 0; update < UPDATES; update++) optimizer.minimize(loss, false, trained)
  return read(parameters)
}

/** Computes a module as a program of ONNX Runtime. */
export const computeCompiled =
  (session: ThreadOptions): Compute =>
  async (module, subject, task) => {
    const computer = compiledComputer(session)
    const inputs = subject.inputs as object
    const { forward, losses } = programsOf(module, subject)
    const parameters = module.parameters()
    if (task === 'forward') return numbersOf(await once(computer.program(forward), inputs))
    if (task === 'gradient')
      return numbersOf((await once(computer.gradients(losses, parameters), inputs)).gradients)
    const training = await computer.training(losses, parameters, { kind: 'adamw', weightDecay: 0, ...ADAM })
    for (let step = 0; step < UPDATES; step++) await training.run(inputs, { seed: 0, step })
    await training.dispose()
    return read(parameters)
  }
