import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { openOnnx } from '@mafjs/compile'
import { useBackend } from '@mafjs/compile/engine'
import { batchPictures } from '@mafjs/data'
import {
  type BatchArrays,
  createMafProgram,
  type ExportRunOptions,
  exportRun,
  graphFeeds,
  type LoadedCheckpoint,
  loadCheckpoint,
} from '@mafjs/ner-maf'
import { normal, randomWords } from '@mafjs/tensor'
import { type Arrays, writeTensorFile } from '../files/tensor-file'

/** Batches of different sizes and lengths, with all, some and no pictures; the published preset has one length for all. */
const CASES = [
  { name: 'one post', batch: 1, tokens: 5, pictures: [1] },
  { name: 'one post, no picture', batch: 1, tokens: 9, pictures: [0] },
  { name: 'five posts, five pictures', batch: 5, tokens: 12, pictures: [0, 1, 3, 0, 1] },
  { name: 'three posts, no picture', batch: 3, tokens: 24, pictures: [0, 0, 0] },
]

/** Relative to the greatest expected number: two engines add up float32 in different orders. */
const FLOAT_TOLERANCE = 1e-4
/** Two versions of ONNX Runtime may round a byte to either side, which later layers pass on. */
const INT8_TOLERANCE = 2e-2

/** The batch of a case; a text-only model has no pictures. */
function drawCase(
  { name, batch, tokens: wanted, pictures }: (typeof CASES)[number],
  { model, preprocessing: { pictureSize: side } }: LoadedCheckpoint['config'],
): BatchArrays {
  const tokens = model.padTo === 'longest' ? wanted : model.padTo
  const words = Math.max(1, tokens - batch - 1)
  const ids = randomWords(batch * tokens, { seed: 1, site: name }).map(
    word => word % model.textEncoder.vocabSize,
  )
  const filled = (shape: number[], value: (place: number) => number | boolean) => {
    const length = shape.reduce((product, axis) => product * axis, 1)
    return { shape, data: Float32Array.from({ length }, (_, place) => Number(value(place))) }
  }
  // Every post is one token shorter than the one before it.
  const mask = filled([batch, tokens], i => i % tokens < tokens - Math.floor(i / tokens))
  // Word i begins at piece i + 1: behind [CLS], one piece each.
  const isFirst = (i: number): boolean => i % tokens === (Math.floor(i / tokens) % words) + 1
  return {
    text: { ids: { data: Int32Array.from(ids), shape: [batch, tokens] }, mask },
    ...(model.steps === 'words' && {
      firstPieces: filled([batch, words, tokens], isFirst),
      wordMask: filled([batch, words], () => 1),
    }),
    ...(side !== undefined &&
      pictures.some(count => count > 0) && { image: drawPictures(name, pictures, side) }),
  }
}

/** Pictures of noise, so many of each post. */
function drawPictures(name: string, counts: readonly number[], size: number): BatchArrays['image'] {
  const rows = counts.map((count, post) =>
    Array.from({ length: count }, (_, place) =>
      normal(size * size * 3, { seed: post, step: place, site: name }),
    ),
  )
  const { present: _, ...image } = batchPictures(rows, { size })
  return image
}

/**
 * Exports a checkpoint and writes cases beside it. A float model is expected to give what the model itself gives on a
 * tfjs backend, which has no code in common with ONNX Runtime; an int8 model what ours gives in Node.
 *
 * @param folder where the model and the cases go
 */
export async function exportCases(folder: string, options: Omit<ExportRunOptions, 'out'>): Promise<void> {
  await mkdir(folder, { recursive: true })
  const backend = await useBackend('auto')
  const checkpoint = await loadCheckpoint(options.model)
  const { pictureSize } = checkpoint.config.preprocessing
  const eager = createMafProgram(checkpoint.model, { name: 'tfjs', backend })
  const out = join(folder, 'model')
  await exportRun({ ...options, out })
  const exported = await openOnnx(join(out, 'model.onnx'), { threads: 2 })
  const tolerance = options.quantize ? INT8_TOLERANCE : FLOAT_TOLERANCE
  const listed: object[] = []
  for (const [i, one] of CASES.entries()) {
    const batch = drawCase(one, checkpoint.config)
    const { text, firstPieces, image } = batch
    const given = Object.entries({ ...text, firstPieces, ...image }).filter(([, array]) => array)
    const expected = options.quantize
      ? await exported.run(
          graphFeeds(batch, pictureSize === undefined ? undefined : { size: pictureSize, single: false }),
        )
      : await eager.run(batch)
    const results = Object.entries(expected).map(([name, array]) => [`expected.${name}`, array] as const)
    const file = `case-${i}.safetensors`
    writeTensorFile(join(folder, file), Object.fromEntries([...given, ...results]) as Arrays)
    listed.push({ name: one.name, file, tolerance })
  }
  await exported.dispose()
  checkpoint.model.dispose()
  await writeFile(join(folder, 'cases.json'), JSON.stringify(listed))
}
