import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { exportOnnx } from '@mafjs/compile'
import { type EngineOptions, useBackend } from '@mafjs/compile/engine'
import { createDemoCorpus } from '@mafjs/demo-corpus'
import { createResNetEncoder } from '@mafjs/encoders'
import { type TrainRunOptions, trainRun } from '@mafjs/ner-maf'
import { storeFloat32 } from '@mafjs/tensor/safetensors'
import * as tf from '@tensorflow/tfjs-core'
import { saveEncoder, TINY_RESNET } from '../tiny-world/save-encoder'
import { writeBert } from '../tiny-world/write-bert'
import { writeNoise } from '../tiny-world/write-noise'

const PICTURE = 32

/** What every run is given beside its own options; all paths are relative, since runs write them down. */
const COMMON = {
  textEncoder: 'bert',
  randomTextEncoder: true,
  epochs: 2,
  batchSize: 4,
  learningRate: 1e-2,
  maxLength: 64,
  seed: 3,
} as const

/** Five runs that together go all ways through data, training and what is written. */
const RUNS: Readonly<Record<string, Omit<TrainRunOptions, 'out' | keyof EngineOptions>>> = {
  'text-only': { ...COMMON, data: 'data' },
  'frozen-resnet': { ...COMMON, data: 'data', images: 'images', imageEncoder: 'resnet.safetensors' },
  'onnx-image': {
    ...COMMON,
    ...{
      data: 'data',
      images: 'images',
      imageEncoder: 'pooling.onnx',
      regionsOutput: 'output',
      pictureSize: PICTURE,
    },
  },
  reference: {
    ...COMMON,
    data: 'data',
    images: 'images',
    imageEncoder: 'resnet.safetensors',
    preset: 'reference',
  },
  'windows-several': {
    ...COMMON,
    ...{ data: 'several', images: 'images', imageEncoder: 'resnet.safetensors', maxLength: 12, patience: 1 },
  },
}

/** An image model that takes maxima alone: no processor rounds them otherwise. */
async function writePooling(file: string): Promise<void> {
  const regions = ({ pixels }: { pixels: tf.Tensor4D }): tf.Tensor => tf.maxPool(pixels, 8, 8, 'valid')
  await writeFile(file, await exportOnnx(regions, { pixels: { shape: ['pictures', PICTURE, PICTURE, 3] } }))
}

/** Writes the data and the image encoders of the runs into the working directory. */
async function writeTask(): Promise<void> {
  await useBackend('cpu')
  const corpus = createDemoCorpus({ seed: 5, train: 10, valid: 4, test: 4 })
  const splits = { train: corpus.train, valid: corpus.valid, test: corpus.test }
  const posts = Object.values(splits).flat()
  await mkdir('images')
  for (const { image } of posts) if (image !== undefined) await writeNoise(join('images', image), PICTURE)
  for (const data of ['data', 'several']) {
    await mkdir(data)
    for (const [split, own] of Object.entries(splits)) {
      const lines = own.map(({ id, words, labels, image }, i) => {
        // Of several pictures the second is the one of the post before.
        const images = [image, own.at(i - 1)?.image].filter(name => name !== undefined)
        const pictures =
          data === 'several' ? images.length > 0 && { images } : image !== undefined && { image }
        return JSON.stringify({ id, tokens: words, labels, ...pictures })
      })
      await writeFile(join(data, `${split}.jsonl`), `${lines.join('\n')}\n`)
    }
  }
  const shape = { hidden: 8, layers: 1, heads: 2, intermediate: 16, maxPositions: 64 }
  await writeBert('bert', shape, { vocab: corpus.vocabulary.map(piece => `${piece}\n`).join('') })
  // As torchvision would save it.
  await saveEncoder('resnet.safetensors', createResNetEncoder({ ...TINY_RESNET, seed: 4 }), {
    'fc.bias': storeFloat32(new Float32Array(1), [1]),
  })
  await writePooling('pooling.onnx')
}

/**
 * Trains five tiny models in the working directory, which must be empty, each in a folder of its own.
 *
 * @returns the names of the folders
 */
export async function writeTinyRuns(engine: EngineOptions): Promise<string[]> {
  await writeTask()
  for (const [name, options] of Object.entries(RUNS)) await trainRun({ ...options, ...engine, out: name })
  return Object.keys(RUNS)
}
