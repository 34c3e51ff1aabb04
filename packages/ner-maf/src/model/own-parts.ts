import type { AlignmentInputs, AlignmentOutputs } from '@mafjs/align'
import type { GatedFusionModuleInputs } from '@mafjs/fuse'
import type { CrossAttentionModuleInputs, CrossAttentionOutputs } from '@mafjs/interact'
import type { MatchingInputs, MatchingOutputs } from '@mafjs/match'
import { InvalidArgumentError, type Module } from '@mafjs/tensor'
import type { Scalar, Tensor1D, Tensor3D } from '@tensorflow/tfjs-core'
import type { MafConfig } from './config'

/** What a model says of a module of its maker's own: all of it is given to the function that makes it, plain JSON. */
export interface OwnConfig {
  kind: 'own'
  /** Seed of the first parameter values. @default the model's */
  seed?: number
  [option: string]: unknown
}

/** What a module of one's own is made from; with it come all further options that its configuration has. */
export interface PartSizes {
  /** Channels of the token states, of the text's summary, and of what the picture says about every token. */
  hidden: number
  /** Channels of the picture's regions and summary. */
  imageSize: number
  /** Seed of the first parameter values. */
  seed: number
  [option: string]: unknown
}

/** The alignment of a model: of the outputs its loss is needed. */
export type AlignmentModule = Module<AlignmentInputs, { loss: Scalar } & Partial<AlignmentOutputs>>
/** Its interaction: of the outputs C, `[batch, tokens, hidden]`, is needed, zeros where there is no picture. */
export type InteractionModule = Module<
  CrossAttentionModuleInputs,
  { states: Tensor3D } & Partial<CrossAttentionOutputs>
>
/** Its matching: needed are the probability `[batch]`, the loss, and C', `[batch, tokens, hidden]`. */
export type MatchingModule = Module<
  MatchingInputs,
  { probability: Tensor1D; loss: Scalar; states: Tensor3D } & Partial<MatchingOutputs>
>
/** Its fusion: what the picture says about every token (C', zeros where there is none) joins the token states. */
export interface FusionModule
  extends Module<GatedFusionModuleInputs, { states: Tensor3D; gate?: Tensor3D | undefined }> {
  /** Channels of the states that it gives. @default 2 * hidden */
  readonly size?: number | undefined
}

/** Functions that make modules of one's own, each in the place of MAF's where the configuration is `{ kind: 'own' }`. */
export interface OwnParts {
  align?: ((sizes: PartSizes) => AlignmentModule) | undefined
  interact?: ((sizes: PartSizes) => InteractionModule) | undefined
  match?: ((sizes: PartSizes) => MatchingModule) | undefined
  fuse?: ((sizes: PartSizes) => FusionModule) | undefined
}

/** Where the configuration says of each part what it is. */
const FIELDS = { align: 'alignment', interact: 'interaction', match: 'matching', fuse: 'fusion' } as const
const PARTS = Object.entries(FIELDS) as [keyof OwnParts, (typeof FIELDS)[keyof OwnParts]][]

/** Whether a module is its maker's own. */
export const isOwn = (part: object | undefined): part is OwnConfig =>
  part !== undefined && 'kind' in part && part.kind === 'own'

/**
 * Checks that a model is given a function for each module that is its maker's own, and for no other.
 *
 * @throws InvalidArgumentError naming the part.
 */
export function assertOwnParts(config: MafConfig, parts: OwnParts): void {
  const unknown = Object.keys(parts).find(name => !Object.hasOwn(FIELDS, name))
  if (unknown !== undefined) {
    const rule = `must have the names ${Object.keys(FIELDS).join(', ')}`
    throw new InvalidArgumentError({ argument: 'parts', rule, received: unknown })
  }
  for (const [name, field] of PARTS) {
    if (isOwn(config[field]) === (parts[name] !== undefined)) continue
    const said = JSON.stringify(config[field] ?? `no ${field}`)
    throw new InvalidArgumentError(
      parts[name]
        ? {
            argument: `parts.${name}`,
            rule: `must be left out where config.${field}.kind is not 'own'`,
            received: `a function, for ${said}`,
            fix: `Set config.${field} to { kind: 'own' }.`,
          }
        : {
            argument: `parts.${name}`,
            rule: `must be given: the ${field} module of this model is not one of this package`,
            received: `nothing, for ${said}`,
            fix: `Give the function that made it: buildMaf(config, { parts: { ${name} } }), or loadMaf(model, { parts: { ${name} } }) for a trained model.`,
          },
    )
  }
}

/**
 * A preset with the parts that are given in the place of its own.
 *
 * @throws InvalidArgumentError for a part that the preset has not.
 */
export function withOwnParts(config: MafConfig, parts: OwnParts): MafConfig {
  const own = { kind: 'own' } as const
  const replaced = {
    align: { alignment: own },
    interact: { interaction: { ...own, imageSize: config.interaction?.imageSize } },
    match: { matching: { ...own, ...(config.matching?.exchange && { exchange: config.matching.exchange }) } },
    fuse: { fusion: own },
  }
  const given = PARTS.filter(([name]) => parts[name])
  for (const [name, field] of given) {
    // A kind stands for what was left out.
    if (config[field] && !('kind' in config[field])) continue
    throw new InvalidArgumentError({
      argument: `parts.${name}`,
      rule: `must be left out where the model has no ${field} of its preset`,
      received: 'a function',
      fix: 'Give an image encoder, and do not leave the module out.',
    })
  }
  return Object.assign({}, config, ...given.map(([name]) => replaced[name]))
}
