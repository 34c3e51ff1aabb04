import type { ElementType, Numbers } from '../graph/element-types'
import { encodeModel } from '../graph/encode-model'
import type { OnnxGraph } from '../graph/onnx-graph'
import { guarded } from './guarded'
import { openModel } from './open-model'
import type { ThreadOptions } from './session-options'

/** Numbers with their shape and type, as a session gives them. */
export interface HostTensor {
  data: Numbers
  shape: readonly number[]
  type: ElementType
}

/** What a session is given; the type is the graph's. */
export type Feed = Pick<HostTensor, 'data' | 'shape'>

/** A graph that ONNX Runtime holds ready. */
export interface Session {
  /**
   * Runs it; what is given is read where it lies, or copied to the thread where it runs.
   *
   * @param outputs names of those that are handed out. @default all
   */
  run(feeds: Readonly<Record<string, Feed>>, outputs?: readonly string[]): Promise<Record<string, HostTensor>>
  /** Gives it what every later run shall read too, beside what `run` is given; a name given again is replaced. */
  keep(feeds: Readonly<Record<string, Feed>>): Promise<void>
  /** Frees it after the calls under way; later ones are refused. */
  dispose(): Promise<void>
}

/**
 * Gives a graph to ONNX Runtime.
 *
 * @throws CompileError that names the operation at fault and where the program called it.
 */
export async function createSession(graph: OnnxGraph, options: ThreadOptions = {}): Promise<Session> {
  const refused = { graph, what: 'ONNX Runtime refused the compiled program', session: options }
  const failed = { graph, what: 'The compiled program failed while it ran', session: options }
  const session = await guarded(refused, () => openModel(encodeModel(graph), options))
  return {
    ...session,
    run: (feeds, outputs) => guarded(failed, () => session.run(feeds, outputs)),
  }
}
