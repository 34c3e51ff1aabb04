import * as tf from '@tensorflow/tfjs-core'
import { expect } from 'vitest'
import type { OnnxGraph } from '../../src/graph/onnx-graph'
import { feedsOf } from '../../src/program/captured'
import { optimize } from '../../src/rewrite/optimize'
import { createSession } from '../../src/session/session'
import { recordProgram } from '../../src/trace/record-program'
import { QUIET } from '../compile/compare'

/** The tensors that programs are made of. */
export type Inputs = Record<string, tf.Tensor>
/** A program to be rewritten. */
export type Program = (inputs: Inputs) => unknown

const waves = (shape: number[], by = 0.7): tf.Tensor =>
  tf.tensor(
    Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => 2 * Math.sin(by * i + by)),
    shape,
  )

/** Numbers of all shapes that the passes tell apart. */
export const INPUTS: Inputs = {
  x: waves([2, 3, 6]),
  y: waves([2, 3, 6], 1.1),
  rows: waves([5, 6]),
  square: waves([6, 6]),
  weight: waves([4, 6], 0.3),
  vector: waves([6], 1.9),
  other: waves([6], 0.4),
  four: waves([4], 0.9),
  one: waves([1], 2),
  number: tf.scalar(1e-5),
}

/** How often each operator stands in a graph. */
function operatorsOf({ nodes }: OnnxGraph): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const { op } of nodes) counts[op] = (counts[op] ?? 0) + 1
  return counts
}

/** What a program is made of. */
interface Rewritten {
  before: Record<string, number>
  after: Record<string, number>
  optimised: OnnxGraph
}

/** The graph of a program before and after it is rewritten, once both gave the numbers of the program itself. */
export async function rewritten(program: Program): Promise<Rewritten> {
  const { graph } = recordProgram(given => program(given as Inputs), INPUTS)
  const feeds = await feedsOf(INPUTS)
  const run = async (given: OnnxGraph): Promise<Record<string, number[]>> => {
    const session = await createSession(given, QUIET)
    const results = await session.run(feeds)
    await session.dispose()
    return Object.fromEntries(
      Object.entries(results).map(([name, { data, shape }]) => [
        `${name} [${shape}]`,
        Array.from(data, Number),
      ]),
    )
  }
  const optimised = optimize(graph)
  const [plain, fast] = [await run(graph), await run(optimised)]
  const expected = tf.tensor_util.getTensorsInContainer(program(INPUTS) as tf.TensorContainer)
  expect(Object.keys(fast)).toEqual(Object.keys(plain))
  expect(Object.keys(plain).length).toBe(expected.length)
  for (const [i, [name, values]] of Object.entries(plain).entries()) {
    const eager = await expected[i]!.data()
    const greatest = Math.max(1, ...Array.from(eager, Math.abs))
    expect(name).toContain(`[${expected[i]!.shape}]`)
    for (const [j, value] of values.entries()) {
      expect(Math.abs(fast[name]![j]! - value) / greatest, `${name}[${j}]`).toBeLessThan(1e-6)
      expect(Math.abs(value - eager[j]!) / greatest, `${name}[${j}] eager`).toBeLessThan(5e-6)
    }
  }
  return { before: operatorsOf(graph), after: operatorsOf(optimised), optimised }
}

/** A layer norm of one's own, whose parts may be exchanged. */
export const normalised = (
  x: tf.Tensor,
  {
    axis = -1,
    scale,
    shift,
    epsilon = 1e-5,
    of = x,
  }: { axis?: number; scale: tf.Tensor; shift: tf.Tensor; epsilon?: number | tf.Tensor; of?: tf.Tensor },
): tf.Tensor => {
  const centred = tf.sub(x, tf.mean(of, axis, true))
  const inverse = tf.rsqrt(tf.add(tf.mean(tf.square(centred), axis, true), epsilon))
  return tf.add(tf.mul(tf.mul(centred, inverse), scale), shift)
}
