import { buildMaf, type CreateFusion, type Maf, type MafConfig } from '@mafjs/ner-maf'
import { createParameters, disposeParameters, linear, linearSpecs } from '@mafjs/tensor'
import * as tf from '@tensorflow/tfjs-core'

/**
 * Feature-wise linear modulation, `F = (1 + gamma) * T + beta`, where `gamma` and `beta` are linear in what the picture says
 * about every token, C' (Perez et al., "FiLM", AAAI 2018). Where there is no picture C' is zero, and F is T at first.
 */
export const createFilm: CreateFusion = config => {
  const { hidden, seed = 0 } = config
  const parameters = createParameters(
    { ...linearSpecs('gamma', hidden, hidden), ...linearSpecs('beta', hidden, hidden) },
    seed,
  )
  const from = (states: tf.Tensor3D, name: string): tf.Tensor3D =>
    linear(
      states,
      parameters[`${name}.weight`] as unknown as tf.Tensor2D,
      parameters[`${name}.bias`] as unknown as tf.Tensor1D,
    )
  return {
    config,
    apply: ({ text, states }) =>
      tf.tidy(() => {
        const scaled = tf.mul(tf.add(from(states, 'gamma'), 1), text.states)
        return { states: tf.add(scaled, from(states, 'beta')) as tf.Tensor3D }
      }),
    parameters: () => ({ ...parameters }),
    dispose: () => disposeParameters(parameters),
  }
}

/** MAF with it in the place of the gate. */
export function buildWithFilm(config: MafConfig): Maf {
  const fusion = { kind: 'own', hidden: config.textEncoder.hidden, size: config.textEncoder.hidden } as const
  return buildMaf({ ...config, fusion: { ...fusion, seed: config.seed } }, { createFusion: createFilm })
}
