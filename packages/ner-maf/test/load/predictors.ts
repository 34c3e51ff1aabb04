import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { type EngineOptions, useEngine } from '@mafjs/compile/engine'
import type { PostInput } from '@mafjs/data'
import { loadImageEncoder, tokenizerFromVocab } from '@mafjs/encoders'
import { randomWords } from '@mafjs/tensor'
import { takeSnapshot } from '@mafjs/train'
import sharp from 'sharp'
import { saveCheckpoint } from '../../src/checkpoint/save-checkpoint'
import { exportRun } from '../../src/export/export-run'
import { buildMaf } from '../../src/model/build-maf'
import { defaultConfig } from '../../src/model/presets'
import { VOCABULARY, writeTinyCheckpoint } from '../checkpoint/tiny-checkpoint'
import { writeTinyOnnx } from '../onnx-image/write-onnx'

const HERE = { engine: 'onnx', threads: 1 } as const
const WORKER = { ...HERE, worker: true } as const
const WASM = { backend: 'wasm' } as const

/** Every kind of predictor: which folder of {@link writePredictors}, which engine, how many pictures a post has. */
export const PREDICTORS = {
  checkpoint: ['checkpoint', HERE, 1],
  'checkpoint, worker': ['checkpoint', WORKER, 1],
  'checkpoint, wasm': ['checkpoint', WASM, 1],
  export: ['export', HERE, 1],
  'export, worker': ['export', WORKER, 1],
  'frozen encoder': ['frozen', HERE, 1],
  'frozen encoder, worker': ['frozen', WORKER, 1],
  'frozen encoder, wasm': ['frozen', WASM, 1],
  'two pictures': ['checkpoint', HERE, 2],
  'two pictures, worker': ['checkpoint', WORKER, 2],
  'two pictures, wasm': ['checkpoint', WASM, 2],
  'two pictures, frozen encoder': ['frozen', HERE, 2],
  'two pictures, frozen encoder, worker': ['frozen', WORKER, 2],
} satisfies Record<string, [folder: string, engine: EngineOptions, pictures: number]>

/** The name of a kind of predictor. */
export type PredictorName = keyof typeof PREDICTORS

/** Writes a tiny checkpoint, its export, one with a frozen ONNX image encoder, and two pictures. */
export async function writePredictors(root: string): Promise<void> {
  await useEngine(HERE)
  await writeTinyCheckpoint(join(root, 'checkpoint'))
  await exportRun({ model: join(root, 'checkpoint'), out: join(root, 'export'), threads: 1 })
  await mkdir(join(root, 'image'))
  await writeFrozenCheckpoint(join(root, 'frozen'), await writeTinyOnnx(join(root, 'image')))
  for (const picture of [1, 2]) {
    const bytes = Uint8Array.from(
      randomWords(16 * 16 * 3, { seed: 1, site: `picture ${picture}` }),
      word => word & 255,
    )
    const raw = { width: 16, height: 16, channels: 3 } as const
    await sharp(bytes, { raw })
      .png()
      .toFile(join(root, `${picture}.png`))
  }
}

/** A post for a kind of predictor. */
export function postFor(
  root: string,
  name: PredictorName,
  text = 'kevin loves paris in a bigtown',
): PostInput {
  const images = [1, 2].slice(0, PREDICTORS[name][2]).map(picture => join(root, `${picture}.png`))
  return { text, images }
}

async function writeFrozenCheckpoint(folder: string, file: string): Promise<void> {
  const tokenizer = tokenizerFromVocab(VOCABULARY, { lowercase: true, maxLength: 24 })
  const { onnxImage, channels } = await loadImageEncoder(file, { onnx: { regionsOutput: 'first' } })
  const model = defaultConfig({
    types: ['LOC', 'PER'],
    textEncoder: {
      ...{ kind: 'bert', vocabSize: tokenizer.vocabSize, hidden: 8, layers: 1, heads: 2 },
      ...{ intermediate: 16, maxPositions: 32, seed: 1 },
    },
    imageEncoder: onnxImage!.config,
    imageSize: channels,
    seed: 1,
  })
  const maf = buildMaf(model, { onnxImage })
  const snapshot = await takeSnapshot(maf.parameters())
  maf.dispose()
  await saveCheckpoint(folder, {
    model,
    preprocessing: { splitter: 'tweet', maxLength: 24, pictureSize: 12, pictureResize: 12 },
    tokenizer: tokenizer.definition,
    snapshot,
    onnxImage: onnxImage!.model,
  })
}
