import { EXACT_BYTES, encodeModel, type OnnxGraph, type WeightType } from '@mafjs/compile'
import { InferenceSession } from 'onnxruntime-node'

/** One way to compute a product of bytes. */
export interface Variant {
  name: string
  weights: WeightType
  /** Whether the session has the option for exact products. */
  exact: boolean
}

/** All ways that are compared; what a session of ours takes is `int8` with the option where the probe says that it needs it. */
export const VARIANTS: readonly Variant[] = [
  { name: '7 bits', weights: 'int7', exact: false },
  { name: '7 bits, option', weights: 'int7', exact: true },
  { name: 'u8u8', weights: 'uint8', exact: false },
  { name: '8 bits', weights: 'int8', exact: false },
  { name: '8 bits, option', weights: 'int8', exact: true },
]

/** A session as any program makes it, on one thread, with the option or without. */
export const plainSession = (graph: OnnxGraph, exact: boolean): Promise<InferenceSession> =>
  InferenceSession.create(encodeModel(graph), {
    intraOpNumThreads: 1,
    logSeverityLevel: 4,
    ...(exact && { extra: EXACT_BYTES }),
  })

/** A row of a Markdown table. */
export const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`

/** The head of a Markdown table. */
export const head = (titles: readonly string[]): string =>
  `${row(titles)}\n${row(titles.map((_, i) => (i === 0 ? '---' : '---:')))}`
