import type { OnnxGraph } from '../graph/onnx-graph'
import type { Feed } from '../session/session'
import type { SessionOptions } from '../session/session-options'
import type { ByteRegion } from './byte-region'
import { subgraph } from './subgraph'
import { timeGraphs } from './time-graphs'

/** What the two ways to write zero cost. */
export interface ZeroPointTimes {
  /** Numbers of the inputs the convolutions were timed on, such as one picture and a batch. */
  sizes: number[]
  /** Least milliseconds of the convolutions per input, with zero written as 0. */
  zero: number[]
  /** The same with zero written as 1. */
  one: number[]
}

/** One must be this much faster to be taken: everybody else writes zero. */
const WORTHWHILE = 0.97

/** Times the convolutions of two graphs that differ in their weights' zero point, and says which is the faster. */
export async function chooseZeroPoint(
  candidates: { zero: OnnxGraph; one: OnnxGraph },
  region: ByteRegion,
  { samples, session }: { samples: readonly Readonly<Record<string, Feed>>[]; session?: SessionOptions },
): Promise<{ weightZeroPoint: 0 | 1; times: ZeroPointTimes }> {
  const { zero: plain, one: shifted } = candidates
  const parts = [subgraph(plain, region.exits), subgraph(shifted, region.exits)]
  const [zero, one] = (await timeGraphs(parts, { samples, session })) as [number[], number[]]
  const logRatio = one.reduce((sum, time, i) => sum + Math.log(time / zero[i]!), 0) / one.length
  const weightZeroPoint = Math.exp(logRatio) < WORTHWHILE ? 1 : 0
  const sizes = samples.map(sample =>
    Math.max(...parts[0]!.inputs.map(({ name }) => sample[name]!.data.length)),
  )
  return { weightZeroPoint, times: { sizes, zero, one } }
}
