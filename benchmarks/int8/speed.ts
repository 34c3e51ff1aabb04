import { type OnnxGraph, type OnnxNode, quantizeGraph } from '@mafjs/compile'
import { normal } from '@mafjs/tensor'
import { type InferenceSession, Tensor } from 'onnxruntime-node'
import { head, plainSession, row, VARIANTS } from './variants'

/** An operator of one weight, and an input for it. */
interface Work {
  name: string
  graph: OnnxGraph
  x: { data: Float32Array; shape: number[] }
  isConvolution: boolean
}

const numbers = (count: number, site: string): Float32Array => normal(count, { seed: 1, site })

function workOf(
  name: string,
  {
    op,
    attributes,
    x,
    weight,
    y,
  }: Pick<OnnxNode, 'op' | 'attributes'> & Record<'x' | 'weight' | 'y', number[]>,
): Work {
  const size = (shape: number[]): number => shape.reduce((product, length) => product * length, 1)
  const constant = (as: string, shape: number[]) => ({
    name: as,
    type: 'float32' as const,
    shape,
    data: numbers(size(shape), as),
  })
  const constants = [constant('weight', weight), constant('bias', [weight[0]!])]
  const [given, made] = [
    { name: 'x', type: 'float32' as const, shape: x },
    { name: 'y', type: 'float32' as const, shape: y },
  ]
  return {
    name,
    isConvolution: op === 'Conv',
    x: { data: numbers(size(x), 'x'), shape: x },
    graph: {
      nodes: [{ op, domain: '', inputs: ['x', 'weight', 'bias'], outputs: ['y'], attributes }],
      inputs: [given],
      outputs: [made],
      initializers: constants,
      tensors: new Map([given, made, ...constants].map(spec => [spec.name, spec])),
    },
  }
}

const product = (rows: number, inside: number, columns: number): Work =>
  workOf(`${rows} x ${inside} x ${columns}`, {
    op: 'Gemm',
    attributes: { transA: 0, transB: 1 },
    x: [rows, inside],
    weight: [columns, inside],
    y: [rows, columns],
  })

const convolution = (from: number, to: number, side: number, kernel: number): Work =>
  workOf(`convolution ${kernel} x ${kernel}, ${from} > ${to} at ${side}`, {
    op: 'Conv',
    attributes: {
      kernel_shape: [kernel, kernel],
      strides: [1, 1],
      pads: new Array<number>(4).fill(kernel >> 1),
    },
    x: [1, from, side, side],
    weight: [to, from, kernel, kernel],
    y: [1, to, side, side],
  })

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
const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1]!
const processorTime = (): number => {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}

async function raceWork({ name, graph, x, isConvolution }: Work): Promise<string> {
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
      const start = processorTime()
      for (let run = 0; run < RUNS; run++) await session.run(given)
      times[i]!.push((processorTime() - start) / RUNS)
    }
  }
  for (const session of sessions) await session.release()
  const [float, ...others] = times.map(median) as [number, ...number[]]
  return row([name, `${float.toFixed(1)} ms`, ...others.map(time => (time / float).toFixed(2))])
}

/** Processor time as a share of float32's, one thread, medians of turns side by side, as a table. */
export async function speed(): Promise<string> {
  const rows: string[] = []
  for (const work of WORKS) rows.push(await raceWork(work()))
  return [head(['processor time', 'fp32', ...VARIANTS.map(({ name }) => name)]), ...rows].join('\n')
}
