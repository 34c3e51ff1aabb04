import '@tensorflow/tfjs-backend-cpu'
import { registerGradients } from '@mafjs/tensor/gradients'
import * as tf from '@tensorflow/tfjs-core'
import * as layers from '../programs/layers'
import * as maf from '../programs/maf'
import * as modules from '../programs/modules'
import * as optimizers from '../programs/optimizers'
import { observeEngine } from './observe-engine'

const programs = { layers, maf, modules, optimizers }

/** The kernels each program runs on tfjs's cpu backend, sorted. */
export type RecordedKernels = Record<string, string[]>

async function record(): Promise<RecordedKernels> {
  const { observed, reset } = observeEngine()
  const kernels: Record<string, Set<string>> = {}
  const run = async (names: readonly (keyof typeof programs)[]): Promise<void> => {
    for (const name of names) {
      reset()
      await programs[name].run()
      kernels[name] = new Set([...(kernels[name] ?? []), ...observed().kernels])
    }
  }
  tf.env().set('PROD', true)
  await tf.setBackend('cpu')
  // The gradients a user of the toolkit trains with in Node, and then those of tfjs itself, as the umbrella package
  // registers them: the kernels differ.
  registerGradients()
  await run(['maf', 'modules'])
  const warn = console.warn
  console.warn = () => {}
  await import('@tensorflow/tfjs-core/dist/register_all_gradients')
  console.warn = warn
  await run(['maf', 'modules', 'optimizers', 'layers'])
  return Object.fromEntries(Object.entries(kernels).map(([name, set]) => [name, [...set].sort()]))
}

process.send!(await record())
