import { linear, multiHeadAttention } from '@mafjs/tensor'
import * as tf from '@tensorflow/tfjs-core'
import '@tensorflow/tfjs-backend-cpu'
import { beforeAll, describe, expect, it } from 'vitest'
import { exportGraph, type OnnxGraph, quantizeGraph } from '../../src'
import { createSession, type Feed } from '../../src/session/session'
import { QUIET } from '../compile/compare'
import { draw } from '../quantize/graphs'

beforeAll(() => tf.setBackend('cpu'))

const [HIDDEN, HEADS] = [32, 4]
/** What the programs read: two sequences, and which tokens of the first are real. */
interface Inputs {
  states: tf.Tensor3D
  others: tf.Tensor3D
  mask: tf.Tensor2D
}
type Attend = (
  inputs: Inputs,
  project: (x: tf.Tensor3D, name: string) => tf.Tensor3D,
) => tf.Tensor | tf.Tensor[]

const weights = Object.fromEntries(
  ['query', 'key', 'value'].map((name, i) => [
    name,
    {
      weight: () => tf.tensor2d(draw(HIDDEN * HIDDEN, i + 1), [HIDDEN, HIDDEN]),
      bias: () => tf.tensor1d(draw(HIDDEN, i + 9)),
    },
  ]),
)
const project = (x: tf.Tensor3D, name: string): tf.Tensor3D =>
  linear(x, weights[name]!.weight(), weights[name]!.bias())
const signature = {
  states: { shape: ['batch', 'tokens', HIDDEN] },
  others: { shape: ['batch', 'tokens', HIDDEN] },
  mask: { shape: ['batch', 'tokens'] },
}

/** The graph of a program with and without the profile. */
async function graphsOf(attend: Attend): Promise<{ plain: OnnxGraph; fused: OnnxGraph }> {
  const record = (profile?: 'latency') =>
    exportGraph((inputs: Inputs) => ({ context: attend(inputs, project) }), signature, { profile })
  return { plain: await record(), fused: await record('latency') }
}

const self: Attend = ({ states, mask }, of) =>
  multiHeadAttention(
    { query: of(states, 'query'), key: of(states, 'key'), value: of(states, 'value'), mask },
    { heads: HEADS },
  )
const count = ({ nodes }: OnnxGraph, wanted: string): number => nodes.filter(({ op }) => op === wanted).length

/** A batch whose rows are of unlike lengths; the last, of more than two, is masked altogether. */
function ragged(batch: number, tokens: number): Record<keyof Inputs, Feed> {
  const lengths = Array.from({ length: batch }, (_, row) => (row === 2 ? 0 : Math.max(1, tokens - 2 * row)))
  const mask = lengths.flatMap(length => Array.from({ length: tokens }, (_, i) => Number(i < length)))
  const states = { data: draw(batch * tokens * HIDDEN, batch + tokens), shape: [batch, tokens, HIDDEN] }
  return { states, others: states, mask: { data: Float32Array.from(mask), shape: [batch, tokens] } }
}

async function run(graph: OnnxGraph, output: string): Promise<number[][]> {
  const session = await createSession(graph, QUIET)
  const results = []
  for (const feeds of BATCHES) results.push(Array.from((await session.run(feeds))[output]!.data, Number))
  await session.dispose()
  return results
}

const BATCHES = [ragged(1, 5), ragged(3, 7), ragged(4, 1), ragged(2, 33), ragged(0, 4)]

/** Expects of two graphs the same numbers of every batch, and gives them. */
async function expectSame(plain: OnnxGraph, fused: OnnxGraph, output = 'context'): Promise<number[][]> {
  const [expected, received] = [await run(plain, output), await run(fused, output)]
  for (const [i, numbers] of expected.entries()) {
    expect(received[i]!.length).toBe(numbers.length)
    for (const [j, value] of numbers.entries())
      expect(Math.abs(received[i]![j]! - value), `${i}, ${j}`).toBeLessThan(1e-5)
  }
  return received
}

describe('the self-attention of a graph for one answer', () => {
  it('is one operator that gives the numbers of the plain graph, whatever is masked', async () => {
    const { plain, fused } = await graphsOf(self)
    expect([count(plain, 'MultiHeadAttention'), count(plain, 'Softmax')]).toEqual([0, 1])
    const left = ['MultiHeadAttention', 'Softmax', 'Transpose', 'MatMul', 'FusedMatMul']
    expect(left.map(op => count(fused, op))).toEqual([1, 0, 0, 0, 0])
    const received = await expectSame(plain, fused)
    // A masked row is exact zeros in both.
    expect(received[1]!.slice(-7 * HIDDEN).every(value => value === 0)).toBe(true)
  })

  it('stays between the products of bytes of an int8 graph', async () => {
    const { plain, fused } = await graphsOf(self)
    const [quantised, bytes] = [await quantizeGraph(plain), await quantizeGraph(fused)]
    expect(bytes.counts).toEqual(quantised.counts)
    expect([count(bytes.graph, 'MatMulInteger'), count(bytes.graph, 'MultiHeadAttention')]).toEqual([3, 1])
    await expectSame(quantised.graph, bytes.graph)
  })
})

describe('what stays as it was recorded', () => {
  const near: Record<string, Attend> = {
    'attention to another sequence': ({ states, others, mask }, of) =>
      multiHeadAttention(
        { query: of(states, 'query'), key: of(others, 'key'), value: of(others, 'value'), mask },
        { heads: HEADS },
      ),
    'values of another sequence': ({ states, others, mask }, of) =>
      multiHeadAttention(
        { query: of(states, 'query'), key: of(states, 'key'), value: of(others, 'value'), mask },
        { heads: HEADS },
      ),
    'a bias for every distance': ({ states, mask }, of) =>
      multiHeadAttention(
        {
          query: of(states, 'query'),
          key: of(states, 'key'),
          value: of(states, 'value'),
          mask,
          bias: tf.tensor4d(draw(HEADS, 4), [1, HEADS, 1, 1]),
        },
        { heads: HEADS },
      ),
  }
  it.each(Object.entries(near))('%s', async (_, attend) => {
    const { plain, fused } = await graphsOf(attend)
    expect(fused.nodes.map(({ op }) => op)).toEqual(plain.nodes.map(({ op }) => op))
  })

  it('attention whose weights are an output; without that it needs no mask to be fused', async () => {
    const split = (x: tf.Tensor3D): tf.Tensor4D =>
      tf.transpose(tf.reshape(x, [x.shape[0], x.shape[1], HEADS, HIDDEN / HEADS]), [0, 2, 1, 3])
    const readable: (reads: boolean) => Attend =
      reads =>
      ({ states }, of) => {
        const [query, key, value] = ['query', 'key', 'value'].map(name => split(of(states, name)))
        const maps = tf.softmax(tf.mul(tf.matMul(query!, tf.transpose(key!, [0, 1, 3, 2])), 0.3))
        const merged = tf.reshape(tf.transpose(tf.matMul(maps, value!), [0, 2, 1, 3]), states.shape)
        return reads ? [merged, maps] : [merged]
      }
    const [read, unread] = [await graphsOf(readable(true)), await graphsOf(readable(false))]
    expect([read, unread].map(({ fused }) => count(fused, 'MultiHeadAttention'))).toEqual([0, 1])
    await expectSame(unread.plain, unread.fused, 'context.0')
  })

  it('and a profile that there is not is refused', async () => {
    const wrong = exportGraph(() => tf.zeros([1]), {}, { profile: 'speed' as 'latency' })
    await expect(wrong).rejects.toThrow(/profile must be latency[\s\S]*speed/)
  })
})
