import '@tensorflow/tfjs-backend-cpu'
import { registerGradients } from '@mafjs/tensor/gradients'
import * as tf from '@tensorflow/tfjs-core'
import { computeEager, runSubjects } from '../../matrix/compute'
import * as layers from '../programs/layers'
import { observeEngine } from './observe-engine'

/** One step of every optimiser of tfjs-core, in each of its variants. */
async function optimizers(): Promise<void> {
  const all = [
    ...[tf.train.sgd(0.1), tf.train.momentum(0.1, 0.9), tf.train.momentum(0.1, 0.9, true), tf.train.adam()],
    ...[
      tf.train.adagrad(0.1),
      tf.train.rmsprop(0.1, 0.9, 0.9),
      tf.train.rmsprop(0.1, 0.9, 0.9, undefined, true),
    ],
    ...[tf.train.adamax(), tf.train.adadelta()],
  ]
  for (const optimizer of all) {
    const weight = tf.variable(tf.tensor1d([1, 2]))
    for (let step = 0; step < 2; step++) optimizer.minimize(() => tf.sum(weight))
    await weight.data()
  }
}

/** The modules, the encoders and the whole model are those of the matrix. */
const programs = { layers: layers.run, modules: () => runSubjects(computeEager), optimizers }

/** The kernels each program runs on tfjs's cpu backend, sorted. */
export type RecordedKernels = Record<string, string[]>

async function record(): Promise<RecordedKernels> {
  const { observed, reset } = observeEngine()
  const kernels: Record<string, Set<string>> = {}
  const run = async (names: readonly (keyof typeof programs)[]): Promise<void> => {
    for (const name of names) {
      reset()
      await programs[name]()
      kernels[name] = new Set([...(kernels[name] ?? []), ...observed().kernels])
    }
  }
  tf.env().set('PROD', true)
  await tf.setBackend('cpu')
  // The gradients a user of the toolkit trains with in Node, and then those of tfjs itself, as the umbrella package
  // registers them: the kernels differ.
  registerGradients()
  await run(['modules'])
  const warn = console.warn
  console.warn = () => {}
  await import('@tensorflow/tfjs-core/dist/register_all_gradients')
  console.warn = warn
  await run(['modules', 'optimizers', 'layers'])
  return Object.fromEntries(Object.entries(kernels).map(([name, set]) => [name, [...set].sort()]))
}

process.send!(await record())
