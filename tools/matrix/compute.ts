import type { Module } from '@mafjs/tensor'
import { valueAndGradients } from '@mafjs/tensor'
import * as tf from '@tensorflow/tfjs-core'
import type { Inputs, Subject } from './subjects'

/** What is computed of every module. */
export const TASKS = ['forward', 'gradient', 'training step'] as const

/** One of {@link TASKS}. */
export type Task = (typeof TASKS)[number]

/** Numbers of tensors by name. */
export type Numbers = Record<string, number[]>

/**
 * Adam with an epsilon so large that a gradient's error is not blown up where the gradient is near zero, and a beta2 that
 * tfjs's own Adam, which takes it from 1 in float32, can take without losing its digits: the step is as well conditioned as
 * the gradient.
 */
export const ADAM = { learningRate: 0.01, beta1: 0.9, beta2: 0.9, epsilon: 0.01 } as const

/** Updates in a training step's comparison: the second sees what the optimiser kept of the first. */
export const UPDATES = 2

/** The numbers of tensors. */
export async function read(tensors: Readonly<Record<string, tf.Tensor>>): Promise<Numbers> {
  const numbers: Numbers = {}
  for (const [name, tensor] of Object.entries(tensors)) numbers[name] = Array.from(await tensor.data())
  return numbers
}

/** A tree of arrays as tensors of the active backend. */
export function tensorsOf(inputs: Inputs): Record<string, object> {
  const entries = Object.entries(inputs).map(([name, value]) => {
    if (!ArrayBuffer.isView(value['data' as never])) return [name, tensorsOf(value as Inputs)]
    const { data, shape } = value as { data: Float32Array | Int32Array; shape: number[] }
    const type = data instanceof Int32Array ? 'int32' : 'float32'
    // Whatever the active arrays are: in float64 a plain copy keeps every digit.
    return [name, tf.tensor(Array.from(data), shape, type)]
  })
  return Object.fromEntries(entries)
}

/** What is read of a module's outputs. */
export const chosen = (outputs: object, { outputs: names }: Subject): Record<string, tf.Tensor> =>
  Object.fromEntries(names.map(name => [name, (outputs as Record<string, tf.Tensor>)[name]!]))

/** A module's outputs, as every way of running it asks for them; nothing is drawn, as no subject has dropout. */
export const applied = (
  module: Module<never, object>,
  inputs: object,
  { training }: { training: boolean },
): object => module.apply(inputs as never, { training, seed: 1, checkValues: false } as never)

/** Computes a module kernel by kernel on the active backend. */
export async function computeEager(
  module: Module<never, object>,
  subject: Subject,
  task: Task,
): Promise<Numbers> {
  const inputs = tensorsOf(subject.inputs)
  const loss = (): tf.Scalar => subject.loss(applied(module, inputs, { training: true }) as never)
  const parameters = module.parameters()
  if (task === 'forward') return read(chosen(applied(module, inputs, { training: false }), subject))
  if (task === 'gradient') return read(valueAndGradients(loss, parameters).gradients)
  const { learningRate, beta1, beta2, epsilon } = ADAM
  const optimizer = tf.train.adam(learningRate, beta1, beta2, epsilon)
  const trained = Object.values(parameters).filter(({ trainable }) => trainable)
  for (let update = 0; update < UPDATES; update++) optimizer.minimize(loss, false, trained)
  return read(parameters)
}
