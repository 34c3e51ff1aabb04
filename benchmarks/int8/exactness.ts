import type { OnnxGraph, WeightType } from '@mafjs/compile'
import { markdownTable } from '@mafjs/evaluate'
import { randomWords } from '@mafjs/tensor'
import { Tensor } from 'onnxruntime-node'
import { oneNodeGraph, plainSession, VARIANTS } from './variants'

const [ROWS, INSIDE, COLUMNS] = [16, 768, 96]

/** The greatest weight of each type, and what zero is written as. */
const LEVELS: Record<WeightType, { greatest: number; zero: number }> = {
  int7: { greatest: 64, zero: 0 },
  uint8: { greatest: 127, zero: 128 },
  int8: { greatest: 127, zero: 0 },
}

const words = (count: number, site: string): Uint32Array => randomWords(count, { seed: 1, site })

/** Whole numbers from `-greatest` to `greatest`, all as likely. */
const uniform = (greatest: number): number[] =>
  Array.from(words(INSIDE * COLUMNS, 'weights'), word => (word % (2 * greatest + 1)) - greatest)

/** The same range, most of them small: four deviations are the greatest. */
const gaussian = (greatest: number): number[] => {
  const [a, b] = [words(INSIDE * COLUMNS, 'radius'), words(INSIDE * COLUMNS, 'angle')]
  return Array.from(a, (word, i) => {
    const radius = Math.sqrt(-2 * Math.log((word + 1) / 2 ** 32))
    const drawn = (radius * Math.cos((2 * Math.PI * b[i]!) / 2 ** 32) * greatest) / 4
    return Math.max(-greatest, Math.min(greatest, Math.round(drawn)))
  })
}

const x = Uint8Array.from(words(ROWS * INSIDE, 'x'), word => word & 255)

function graphOf(type: WeightType, weights: readonly number[]): OnnxGraph {
  const { zero } = LEVELS[type]
  const [storage, Bytes] =
    type === 'uint8' ? (['uint8', Uint8Array] as const) : (['int8', Int8Array] as const)
  const data = Bytes.from(weights.map(weight => weight + zero))
  return oneNodeGraph(
    { op: 'MatMulInteger', attributes: {} },
    [
      { name: 'x', type: 'uint8', shape: [ROWS, INSIDE] },
      { name: 'y', type: 'int32', shape: [ROWS, COLUMNS] },
    ],
    [
      { name: 'w', type: storage, shape: [INSIDE, COLUMNS], data },
      { name: 'zero of x', type: 'uint8', shape: [], data: Uint8Array.of(0) },
      { name: 'zero of w', type: storage, shape: [], data: Bytes.of(zero) },
    ],
  )
}

/** The share of a product's elements that come out wrong. */
async function shareWrong(type: WeightType, weights: readonly number[], exact: boolean): Promise<number> {
  const session = await plainSession(graphOf(type, weights), exact)
  const { y } = await session.run({ x: new Tensor('uint8', x, [ROWS, INSIDE]) })
  const sums = y!.data as Int32Array
  let wrong = 0
  for (let at = 0; at < sums.length; at++) {
    const [i, column] = [Math.floor(at / COLUMNS), at % COLUMNS]
    let sum = 0
    for (let k = 0; k < INSIDE; k++) sum += x[i * INSIDE + k]! * weights[k * COLUMNS + column]!
    if (sum !== sums[at]) wrong += 1
  }
  await session.release()
  return wrong / sums.length
}

/** What of whole numbers comes out wrong, as a table. */
export async function exactness(): Promise<string> {
  const titles = [`elements wrong, ${ROWS} x ${INSIDE} x ${COLUMNS}`, ...VARIANTS.map(({ name }) => name)]
  const rows = Object.entries({ uniform, gaussian }).map(async ([name, draw]) => {
    const shares = VARIANTS.map(({ weights, exact }) =>
      shareWrong(weights, draw(LEVELS[weights].greatest), exact),
    )
    return [name, ...(await Promise.all(shares)).map(share => `${(100 * share).toFixed(1)} %`)]
  })
  return markdownTable(titles, await Promise.all(rows))
}
