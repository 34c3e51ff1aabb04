import { type OnnxGraph, type OnnxNode, quantizeGraph } from '@mafjs/compile'
import { markdownTable, quantile } from '@mafjs/evaluate'
import { normal } from '@mafjs/tensor'
import { type InferenceSession, Tensor } from 'onnxruntime-node'
import { timed } from '../timing'
import { oneNodeGraph, plainSession, VARIANTS } from './variants'

/** An operator of one weight, and an input for it. */
interface Work {
  name: string
  graph: OnnxGraph
  x: { data: Float32Array; shape: number[] }
  isConvolution: boolean
}

type Shapes = Record<'x' | 'weight' | 'y', number[]>

function workOf(name: string, node: Pick<OnnxNode, 'op' | 'attributes'>, { x, weight, y }: Shapes): Work {
  const drawn = (as: string, shape: number[]) => {
    const size = shape.reduce((product, length) => product * length, 1)
    return { name: as, type: 'float32' as const, shape, data: normal(size, { seed: 1, site: as }) }
  }
  const given = drawn('x', x)
  const constants = [drawn('weight', weight), drawn('bias', [weight[0]!])]
  const made = { name: 'y', type: 'float32' as const, shape: y }
  return {
    name,
    isConvolution: node.op === 'Conv',
    x: given,
    graph: oneNodeGraph(node, [given, made], constants),
  }
}

const product = (rows: number, inside: number, columns: number): Work =>
  workOf(
    `${rows} x ${inside} x ${columns}`,
    { op: 'Gemm', attributes: { transA: 0, transB: 1 } },
    { x: [rows, inside], weight: [columns, inside], y: [rows, columns] },
  )

const convolution = (from: number, to: number, side: number, kernel: number): Work =>
  workOf(
    `convolution ${kernel} x ${kernel}, ${from} > ${to} at ${side}`,
    {
      op: 'Conv',
      attributes: { kernel_shape: [kernel, kernel], strides: [1, 1], pads: Array(4).fill(kernel >> 1) },
    },
    { x: [1, from, side, side], weight: [to, from, kernel, kernel], y: [1, to, side, side] },
  )

/** The sizes of BERT-base, MiniLM and ResNet. */
const WORKS: readonly (() => Work)[] = [
  () => product(128, 768, 3072),
  () => product(42, 384, 1536),
  () => product(2048, 768, 768),
  () => convolution(64, 64, 56, 3),
  () => convolution(1024, 256, 14, 1),
]

const ROUNDS = 15
const RUNS = 3
async function raceWork({ name, graph, x, isConvolution }: Work): Promise<string[]> {
  const calibration = isConvolution ? { calibration: [{ x }] } : {}
  const sessions: InferenceSession[] = [await plainSession(graph, false)]
  for (const { weights, exact } of VARIANTS) {
    const options = { weights, weightZeroPoint: 0 as const, ...calibration }
    sessions.push(await plainSession((await quantizeGraph(graph, options)).graph, exact))
  }
  const given = { x: new Tensor('float32', x.data, x.shape) }
  const times = sessions.map((): number[] => [])
  for (let round = 0; round < ROUNDS; round++) {
    for (const [i, session] of sessions.entries()) {
      await session.run(given)
      const { cores } = await timed(async () => {
        for (let run = 0; run < RUNS; run++) await session.run(given)
      })
      times[i]!.push(cores / RUNS)
    }
  }
  for (const session of sessions) await session.release()
  const [float, ...others] = times.map(list => quantile(list, 0.5)) as [number, ...number[]]
  return [name, `${float.toFixed(1)} ms`, ...others.map(time => (time / float).toFixed(2))]
}

/** Processor time as a share of float32's, one thread, medians of turns side by side, as a table. */
export async function speed(): Promise<string> {
  const rows: string[][] = []
  for (const work of WORKS) rows.push(await raceWork(work()))
  return markdownTable(['processor time', 'fp32', ...VARIANTS.map(({ name }) => name)], rows)
}
