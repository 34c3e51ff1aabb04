import '@tensorflow/tfjs-backend-cpu'
import { registerGradients } from '@mafjs/tensor/gradients'
import * as tf from '@tensorflow/tfjs-core'
import { inFloat64 } from '../engines/in-float64'
import { computeEager, type Numbers, read } from './compute'
import { type Computed, runSubjects } from './run-subjects'

/** The numbers in float64, and the parameters before any step. */
export interface Reference {
  computed: Computed[]
  /** By subject. */
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
    return inFloat64(async () => {
      for (const [name, variable] of Object.entries(module.parameters())) {
        variable.assign(tf.tensor(start[name]!, variable.shape))
      }
      return computeEager(module, subject, task)
    })
  })
  return { computed, parameters }
}
