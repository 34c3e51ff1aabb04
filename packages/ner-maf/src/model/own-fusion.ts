import type { GatedFusionModuleInputs } from '@mafjs/fuse'
import { InvalidArgumentError, type Module } from '@mafjs/tensor'
import type { Tensor3D } from '@tensorflow/tfjs-core'
import type { MafConfig } from './config'

/** What any fusion gives. */
export interface FusionOutputs {
  /** F: `[batch, tokens, 2 * hidden]`, or as many channels as `fusion.size` says. */
  states: Tensor3D
  /** g, where fusion has a gate. */
  gate?: Tensor3D
}

/** A fusion module: what the picture says about every token (C', zeros where there is none) joins the token states. */
export type FusionModule = Module<GatedFusionModuleInputs, FusionOutputs>

/** The configuration of a fusion module of one's own: all of it is the module's, plain JSON. */
export interface OwnFusionConfig {
  kind: 'own'
  /** Channels of the token states and of what the picture says about each. */
  hidden: number
  /** Channels of the states that it gives. @default 2 * hidden */
  size?: number
  /** Seed of the first parameter values. */
  seed?: number
  /** Further options, plain JSON. */
  [option: string]: unknown
}

/** Makes a fusion module of one's own from `config.fusion`. */
export type CreateFusion = (config: OwnFusionConfig) => FusionModule

const isOwn = (fusion: MafConfig['fusion']): fusion is OwnFusionConfig => fusion?.kind === 'own'

/** Channels of the states that the tagger reads. */
export function taggedSize({ fusion, textEncoder }: Pick<MafConfig, 'fusion' | 'textEncoder'>): number {
  if (!fusion) return textEncoder.hidden
  return (isOwn(fusion) ? fusion.size : undefined) ?? 2 * textEncoder.hidden
}

/**
 * Checks that a model with a fusion module of somebody's own is given the factory of it, and that no other is.
 *
 * @throws InvalidArgumentError naming the option.
 */
export function assertCreateFusion(
  { fusion }: Pick<MafConfig, 'fusion'>,
  createFusion: CreateFusion | undefined,
): void {
  if (isOwn(fusion) === (createFusion !== undefined)) return
  const config = JSON.stringify(fusion ?? 'no fusion')
  throw new InvalidArgumentError(
    createFusion
      ? {
          argument: 'createFusion',
          rule: "must be left out where config.fusion.kind is not 'own'",
          received: `a factory, for ${config}`,
          fix: "Set config.fusion to { kind: 'own', hidden, ... }.",
        }
      : {
          argument: 'createFusion',
          rule: 'must be given: the fusion module is not one of this package',
          received: `nothing, for ${config}`,
          fix: 'Pass the factory that made it: buildMaf(config, { createFusion }), or loadMaf(folder, { createFusion }) for a trained model.',
        },
  )
}
