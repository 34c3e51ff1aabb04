import type { GatedFusionModuleInputs } from '@mafjs/fuse'
import { buildMaf, type Maf, type MafConfig } from '@mafjs/ner-maf'
import { createParameters, disposeParameters, layersOf, linearSpecs } from '@mafjs/tensor'
import * as tf from '@tensorflow/tfjs-core'

/**
 * Feature-wise linear modulation, `F = (1 + gamma) * T + beta`, where `gamma` and `beta` are linear in what the picture says
 * about every token, C' (Perez et al., "FiLM", AAAI 2018). Where there is no picture C' is zero, and F is T at first.
 */
export const createFilm = ({ hidden, seed }: { hidden: number; seed: number }) => {
  const parameters = createParameters(
    { ...linearSpecs('gamma', hidden, hidden), ...linearSpecs('beta', hidden, hidden) },
    seed,
  )
  const { linear } = layersOf(parameters)
  return {
    config: { hidden, seed },
    size: hidden,
    apply: ({ text, states }: GatedFusionModuleInputs) =>
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
  return buildMaf({ ...config, fusion: { kind: 'own' } }, { parts: { fuse: createFilm } })
}
