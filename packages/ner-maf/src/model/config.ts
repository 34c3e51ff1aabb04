import type { AlignmentOptions } from '@mafjs/align'
import type { ImageEncoderConfig, TextEncoderConfig } from '@mafjs/encoders'
import type { OnnxImageConfig } from '@mafjs/encoders/onnx'
import type { GatedFusionOptions } from '@mafjs/fuse'
import type { CrossAttentionOptions } from '@mafjs/interact'
import type { MatchingOptions } from '@mafjs/match'
import type { OwnConfig } from './own-parts'

/**
 * Everything that rebuilds a MAF model, as plain JSON; what is left out is not part of the model. A module of the kind `own` is
 * its maker's, who gives the function that makes it as `parts` of `buildMaf`, `trainRun` and `loadMaf`.
 */
export interface MafConfig {
  /** Names of the CRF's labels, by id. */
  labels: string[]
  /** Entity types, in the order of their labels. */
  types: string[]
  textEncoder: TextEncoderConfig & { hidden: number }
  /** Left out where the caller brings image encodings, or for a text-only model. */
  imageEncoder?: ImageEncoderConfig | OnnxImageConfig
  /** CA; left out, nothing pulls text and picture together. */
  alignment?: AlignmentOptions | OwnConfig
  /**
   * CI; left out together with `fusion`, the model is text only. `pooled` gives every token the mean of the regions, as an
   * ablation; what only the attention needs then plays no part.
   */
  interaction?:
    | (CrossAttentionOptions & { kind?: 'attention' | 'pooled' })
    | (OwnConfig & { imageSize: number })
  /** CM; left out, every picture is used as if it matched. */
  matching?: MatchingOptions | (OwnConfig & Pick<MatchingOptions, 'exchange'>)
  /** CF; `concat` is without the gate, as an ablation. */
  fusion?: (GatedFusionOptions & { kind?: 'gated' | 'concat' }) | OwnConfig
  /**
   * What is exchanged for matching: the finished states `C`, as in the paper, or the pictures before the interaction, so
   * that the partner's sentence does not come along.
   */
  exchange: 'states' | 'pictures'
  /** Steps of the CRF: words (by their first piece), or every word piece with the published labels. */
  steps: 'words' | 'pieces'
  /** Padding of a batch: its own longest post, or a fixed number of positions. */
  padTo: 'longest' | number
  /** Constraints of decoding. */
  constraints: 'bio' | 'none'
  /** `a` of `a * L_CRF + (1 - a) * (L_CM + L_CA)`. */
  lossWeight: number
  /** Dropout before the emissions. */
  dropout: number
  /** Seed of the first parameter values. */
  seed: number
}

/** Whether fusion has a gate: text and picture may also stand side by side, or there be no picture at all. */
export const hasGate = ({ fusion }: Pick<MafConfig, 'fusion'>): boolean =>
  fusion !== undefined && (fusion.kind ?? 'gated') === 'gated'
