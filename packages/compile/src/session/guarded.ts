import { InvalidArgumentError } from '@mafjs/tensor'
import type { OnnxGraph, OnnxNode } from '../graph/onnx-graph'
import { CompileError } from '../record/errors'

/** Runs what may fail inside ONNX Runtime and leads its message back to the program. */
export async function guarded<T>(graph: OnnxGraph, what: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run()
  } catch (cause) {
    // What was given wrong names itself.
    if (cause instanceof InvalidArgumentError) throw cause
    const message = (cause instanceof Error ? cause.message : String(cause)).replace(/[.\s]+$/, '')
    const node = nodeNamedIn(message, graph)
    throw new CompileError({
      what: `${what}${node ? ` at ${node.op}, made for ${node.origin?.kernel ?? 'a constant'}` : ''}: ${message}`,
      origin: node?.origin,
      fix: /backend not found/.test(message)
        ? 'Name an execution provider that this build of ONNX Runtime has; it always has cpu.'
        : 'Look for indices out of range and shapes that do not fit in what it is given; if it is all as you meant it, ' +
          'this is a fault of @mafjs/compile: please report it.',
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
