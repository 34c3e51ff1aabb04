import { compile, compileGradients, compileTraining } from '@mafjs/compile'
import * as tf from '@tensorflow/tfjs-core'
import type { Time, Timed } from './peer'
import type { CnnWork } from './works'

/** Our side of a work. */
export interface Ours {
  run(what: Timed): Promise<Time>
  /** The loss and the gradients by parameter. */
  gradients(): Promise<Record<string, Float32Array>>
  dispose(): Promise<void>
}

/** Compiles a work. */
export async function createOurs({ parameters, loss, pictures }: CnnWork, threads: number): Promise<Ours> {
  const session = { threads }
  const inputs = { pixels: tf.tensor(pictures.values, pictures.shape) }
  const forward = compile((given: typeof inputs) => ({ loss: loss(given) }), session)
  const differentiated = compileGradients(loss, parameters, session)
  const training = await compileTraining(loss, parameters, {
    ...session,
    optimizer: { kind: 'adamw', learningRate: 1e-4 },
  })
  let step = 0
  const timed: Record<Timed, () => Promise<unknown>> = {
    forward: () => forward.run(inputs),
    gradients: async () => {
      const { gradients } = await differentiated(inputs)
      tf.dispose(gradients)
    },
    step: async () => {
      const { applied } = await training.step(inputs, { seed: 1, step })
      if (!applied) throw new Error('The step was not applied: a loss or a gradient is not finite.')
      step += 1
    },
  }
  return {
    async run(what) {
      const before = process.cpuUsage()
      const started = performance.now()
      await timed[what]()
      const { user, system } = process.cpuUsage(before)
      return { ms: performance.now() - started, cpu: (user + system) / 1000 }
    },
    async gradients() {
      const { losses, gradients } = await differentiated(inputs)
      const read: Record<string, Float32Array> = { loss: Float32Array.of(losses['total']!) }
      for (const [name, gradient] of Object.entries(gradients)) {
        read[name] = await gradient.data<'float32'>()
      }
      tf.dispose(gradients)
      return read
    },
    async dispose() {
      await Promise.all([forward.dispose(), differentiated.dispose(), training.dispose()])
      inputs.pixels.dispose()
    },
  }
}
