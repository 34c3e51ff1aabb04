import type { OnnxGraph } from '../graph/onnx-graph'
import { foldBias, foldFactor } from './fold-into-products'
import { fuseGelu, fuseHalfErf } from './fuse-gelu'
import { fuseLayerNorm } from './fuse-layer-norm'
import { fuseSelfAttention } from './fuse-self-attention'
import { GraphEditor } from './graph-editor'
import { foldTransposed, transposeFirst } from './orient-products'
import { shareEqualNodes } from './share-equal-nodes'

/** What a graph can be written for. */
export const EXPORT_PROFILES = ['latency'] as const

/** What a graph is written for: `latency` fuses self-attention, for one answer at a time. */
export type ExportProfile = (typeof EXPORT_PROFILES)[number]

/** How a graph is rewritten. */
export interface OptimizeOptions {
  /** @default none, which fuses no attention */
  profile?: ExportProfile | undefined
}

/**
 * Rewrites a graph into fewer and larger operators that give the same numbers up to rounding. ONNX Runtime has passes
 * of its own, but they expect other spellings, and none where a gradient reads what lies in between.
 */
export function optimize(graph: OnnxGraph, { profile }: OptimizeOptions = {}): OnnxGraph {
  const editor = new GraphEditor(shareEqualNodes({ ...graph, tensors: new Map(graph.tensors) }))
  fuseLayerNorm(editor)
  fuseGelu(editor)
  fuseHalfErf(editor)
  foldFactor(editor)
  foldBias(editor)
  if (profile === 'latency') fuseSelfAttention(editor)
  foldTransposed(editor)
  transposeFirst(editor)
  return editor.finish()
}
