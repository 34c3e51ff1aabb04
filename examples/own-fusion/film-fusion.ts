import { buildMaf, type CreateFusion, type Maf, type MafConfig } from '@mafjs/ner-maf'
import { createParameters, disposeParameters, layersOf, linearSpecs } from '@mafjs/tensor'
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
  const { linear } = layersOf(parameters)
  return {
    config,
    apply: ({ text, states }) =>
      tf.tidy(() => {
        const scaled = tf.mul(tf.add(linear(states, 'gamma'), 1), text.states)
        return { states: tf.add(scaled, linear(states, 'beta')) as tf.Tensor3D }
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
