import type { Tensor } from '@tensorflow/tfjs-core'
import { hasGate } from '../model/config'
import type { Maf, MafInputs } from '../model/maf'

/**
 * What a model can give beside what tagging reads: fusion's gate `[batch, tokens, hidden]`, and by which weights tokens look at
 * regions, `[batch, heads, tokens, regions]`.
 */
export const MAPS = ['gate', 'attention'] as const

/** A map that a model can give. */
export type MapName = (typeof MAPS)[number]

/** What a model's outputs are to have. */
export interface MafOutputsOptions {
  /** Those of them that the model has are among its outputs. @default none */
  maps?: readonly MapName[] | undefined
}

/** What tagging reads of a model, and maps. */
export function mafOutputs(
  model: Maf,
  inputs: MafInputs,
  { maps = [] }: MafOutputsOptions = {},
): Record<string, Tensor> {
  const { emissions, matching, fusion, interaction } = model.apply(inputs, {
    attention: maps.includes('attention'),
  })
  const gate = hasGate(model.config) ? fusion?.gate : undefined
  const attention = interaction?.attention
  return {
    emissions,
    ...(matching && { match: matching.probability }),
    ...(maps.includes('gate') && gate && { gate }),
    ...(maps.includes('attention') && attention && { attention }),
  }
}
