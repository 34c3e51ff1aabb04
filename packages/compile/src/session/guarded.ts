import { InvalidArgumentError } from '@mafjs/tensor'
import { CompileError } from '../graph/compile-error'
import type { OnnxGraph, OnnxNode } from '../graph/onnx-graph'
import { faultOf } from './fault'
import type { SessionOptions } from './session-options'

/** What runs inside ONNX Runtime. */
export interface Guarded {
  graph: OnnxGraph
  /** What it is that failed, where it fails: "The compiled program failed while it ran". */
  what: string
  session: SessionOptions
}

/** Runs what may fail inside ONNX Runtime and leads its message back to the program. */
export async function guarded<T>(
  { graph, what, session: { executionProvider = 'cpu' } }: Guarded,
  run: () => Promise<T>,
): Promise<T> {
  try {
    return await run()
  } catch (cause) {
    // What was given wrong names itself.
    if (cause instanceof InvalidArgumentError) throw cause
    const message = (cause instanceof Error ? cause.message : String(cause)).replace(/[.\s]+$/, '')
    const node = nodeNamedIn(message, graph)
    const { why, fix } = faultOf(message, executionProvider, node?.op)
    const at = node ? ` at ${node.op}, made for ${node.origin?.kernel ?? 'a constant'}` : ''
    throw new CompileError({
      what: `${what}${at}: ${why ? `${why}: ` : ''}${message}`,
      origin: node?.origin,
      fix,
      cause,
    })
  }
}

/** The node whose name, `Operator#index`, stands in a message. */
function nodeNamedIn(message: string, { nodes }: OnnxGraph): OnnxNode | undefined {
  const [, op, index] = /([A-Za-z]+)#(\d+)/.exec(message) ?? []
  const node = index === undefined ? undefined : nodes[Number(index)]
  return node?.op === op ? node : undefined
}
