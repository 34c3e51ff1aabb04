import type { OnnxGraph } from '../graph/onnx-graph'
import { createSession, type Feed } from '../session/session'
import type { SessionOptions } from '../session/session-options'

/** How graphs are timed. */
export interface TimeGraphsOptions {
  /** Inputs to run each graph on. */
  samples: readonly Readonly<Record<string, Feed>>[]
  /** Timed runs of every graph on every sample. @default 7 */
  rounds?: number | undefined
  session?: SessionOptions | undefined
}

/**
 * Runs graphs in turn, so that whatever else slows the machine slows all of them, and reports the least milliseconds of
 * each graph on each sample: what it takes when nothing else runs.
 */
export async function timeGraphs(
  graphs: readonly OnnxGraph[],
  { samples, rounds = 7, session: options }: TimeGraphsOptions,
): Promise<number[][]> {
  const sessions = []
  try {
    for (const graph of graphs) sessions.push(await createSession(graph, options))
    const times = graphs.map(() => samples.map(() => Number.POSITIVE_INFINITY))
    for (let round = 0; round < rounds; round++) {
      for (const [i, sample] of samples.entries()) {
        for (const [g, session] of sessions.entries()) {
          // Not counted: the threads of the session before may still be waiting for work in a loop.
          await session.run(sample)
          const start = performance.now()
          await session.run(sample)
          times[g]![i] = Math.min(times[g]![i]!, performance.now() - start)
        }
      }
    }
    return times
  } finally {
    for (const session of sessions) await session.dispose()
  }
}
