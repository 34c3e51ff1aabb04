import type { OnnxGraph } from '../graph/onnx-graph'
import { foldBias, foldFactor } from './fold-into-products'
import { fuseGelu, fuseHalfErf } from './fuse-gelu'
import { fuseLayerNorm } from './fuse-layer-norm'
import { GraphEditor } from './graph-editor'
import { shareEqualNodes } from './share-equal-nodes'

/**
 * Rewrites a graph into fewer and larger operators that give the same numbers up to rounding. ONNX Runtime has passes
 * of its own, but they expect other spellings, and none where a gradient reads what lies in between.
 */
export function optimize(graph: OnnxGraph): OnnxGraph {
  const editor = new GraphEditor(shareEqualNodes({ ...graph, tensors: new Map(graph.tensors) }))
  fuseLayerNorm(editor)
  fuseGelu(editor)
  fuseHalfErf(editor)
  foldFactor(editor)
  foldBias(editor)
  return editor.finish()
}
