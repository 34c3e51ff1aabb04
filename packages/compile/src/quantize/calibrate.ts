import { InvalidArgumentError } from '@mafjs/tensor'
import type { OnnxGraph, OnnxNode, TensorSpec } from '../graph/onnx-graph'
import { createSession, type Feed } from '../session/session'
import type { SessionOptions } from '../session/session-options'
import { subgraph } from './subgraph'

/** The least and the greatest number a tensor had. */
export interface Range {
  least: number
  greatest: number
}

/** What ranges are taken from. */
export interface CalibrateOptions {
  /** Inputs of the graph, each a run. */
  samples: readonly Readonly<Record<string, Feed>>[]
  session?: SessionOptions | undefined
}

/**
 * Runs a graph on samples and reports the range of some of its tensors. The extremes are found within the graph, so
 * that no map is copied out of it.
 *
 * @throws InvalidArgumentError without a single sample.
 */
export async function calibrate(
  graph: OnnxGraph,
  names: readonly string[],
  { samples, session: options }: CalibrateOptions,
): Promise<Map<string, Range>> {
  if (samples.length === 0) {
    throw new InvalidArgumentError({
      argument: 'calibration',
      rule: 'must hold at least one sample',
      received: 'none',
      fix: 'Give inputs of the kind that the program will see.',
    })
  }
  const tensors = new Map(graph.tensors)
  const extremes = names.flatMap(name =>
    (['ReduceMin', 'ReduceMax'] as const).map((op): OnnxNode => {
      const output: TensorSpec = { name: `${op} of ${name}`, type: 'float32', shape: [] }
      tensors.set(output.name, output)
      return { op, domain: '', inputs: [name], outputs: [output.name], attributes: { keepdims: 0 } }
    }),
  )
  const measured = subgraph(
    { ...graph, nodes: [...graph.nodes, ...extremes], tensors },
    extremes.map(({ outputs }) => outputs[0]!),
  )
  const session = await createSession(measured, options)
  const ranges = new Map(names.map(name => [name, { least: Infinity, greatest: -Infinity }]))
  try {
    for (const feeds of samples) {
      const found = await session.run(feeds)
      for (const [name, range] of ranges) {
        range.least = Math.min(range.least, Number(found[`ReduceMin of ${name}`]!.data[0]))
        range.greatest = Math.max(range.greatest, Number(found[`ReduceMax of ${name}`]!.data[0]))
      }
    }
  } finally {
    await session.dispose()
  }
  return ranges
}
