import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Feed, openOnnx } from '@mafjs/compile'
import { useBackend } from '@mafjs/compile/engine'
import { type ExportRunOptions, exportRun, loadCheckpoint } from '@mafjs/ner-maf'
import { type TensorSource, writeTensorFile } from '../files/write-tensor-file'
import { CASES, computeCase, drawCase } from './cases'

/** One exported model that the other side verifies. */
export interface ExportCases extends Omit<ExportRunOptions, 'out'> {
  /** Where the model and the cases go. */
  folder: string
}

/** Relative to the greatest expected number: two engines add up float32 in different orders. */
const FLOAT_TOLERANCE = 1e-4
/** Two versions of ONNX Runtime may round a byte to either side, which later layers pass on. */
const INT8_TOLERANCE = 2e-2

/**
 * Exports a checkpoint and writes cases beside it. A float model is expected to give what the model itself gives on a
 * tfjs backend, which has no code in common with ONNX Runtime; an int8 model what ours gives in Node.
 */
export async function exportCases({ folder, ...options }: ExportCases): Promise<void> {
  await mkdir(folder, { recursive: true })
  await useBackend('auto')
  const checkpoint = await loadCheckpoint(options.model)
  const cases = CASES.map(({ name, ...rest }, i) => {
    const tensors = drawCase({ name, ...rest }, checkpoint)
    const expected = options.quantize ? {} : computeCase(checkpoint, tensors)
    return { name, file: `case-${i}.safetensors`, tensors, expected }
  })
  checkpoint.model.dispose()

  const out = join(folder, 'model')
  await exportRun({ ...options, out })
  if (options.quantize) {
    const model = await openOnnx(join(out, 'model.onnx'), { threads: 2 })
    for (const one of cases) {
      const results = await model.run(feedsOf(one.tensors))
      for (const [name, { data, shape }] of Object.entries(results)) {
        one.expected[`expected.${name}`] = { shape, values: () => data as Float32Array }
      }
    }
    await model.dispose()
  }
  for (const { file, tensors, expected } of cases)
    writeTensorFile(join(folder, file), { ...tensors, ...expected })
  const tolerance = options.quantize ? INT8_TOLERANCE : FLOAT_TOLERANCE
  const listed = cases.map(({ name, file }) => ({ name, file, tolerance }))
  await writeFile(join(folder, 'cases.json'), JSON.stringify(listed))
}

/** The inputs of the graph: of the pictures only those that are there, and who has which. */
function feedsOf(tensors: Record<string, TensorSource>): Record<string, Feed> {
  const feed = ({ values, shape }: TensorSource): Feed => ({ data: values(), shape })
  const { pixels, present, ...text } = tensors
  const feeds = Object.fromEntries(Object.entries(text).map(([name, source]) => [name, feed(source)]))
  if (!pixels || !present) return feeds
  const posts = [...present.values()].flatMap((there, post) => (there ? [post] : []))
  const [batch, ...picture] = pixels.shape as [number, ...number[]]
  const numbers = picture.reduce((product, length) => product * length, 1)
  const all = pixels.values()
  const chosen = Float32Array.from(
    posts.flatMap(post => [...all.subarray(post * numbers, (post + 1) * numbers)]),
  )
  const choice = Float32Array.from({ length: batch * posts.length }, (_, i) =>
    Number(posts[i % posts.length] === Math.floor(i / posts.length)),
  )
  return {
    ...feeds,
    pixels: { data: chosen, shape: [posts.length, ...picture] },
    choice: { data: choice, shape: [batch, posts.length] },
  }
}
