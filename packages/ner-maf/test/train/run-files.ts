import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createDemoCorpus, writeDemoCorpus } from '@mafjs/demo-corpus'
import {
  createResNetEncoder,
  loadWeights,
  saveWeights,
  textEncoderConfigToHuggingFace,
  type Weights,
} from '@mafjs/encoders'
import { storeFloat32 } from '@mafjs/tensor/safetensors'
import { onTestFinished } from 'vitest'

/** A new folder that is gone when the test is over. */
export async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'maf-run-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return folder
}

/** The demo's corpus and a tiny BERT that knows its words, as `ner-maf train` asks for them. */
export const writeTask = async (sizes: Parameters<typeof writeTaskIn>[1], maxPositions?: number) =>
  writeTaskIn(await newFolder(), sizes, maxPositions)

/** The same, in a folder that several tests share. */
export async function writeTaskIn(
  folder: string,
  sizes: { train: number; valid: number; test: number },
  maxPositions = 64,
) {
  const corpus = createDemoCorpus({ seed: 5, ...sizes })
  const { data, images } = await writeDemoCorpus(join(folder, 'data'), corpus, { size: 32 })
  const bert = textEncoderConfigToHuggingFace({
    kind: 'bert',
    vocabSize: corpus.vocabulary.length,
    hidden: 8,
    layers: 1,
    heads: 2,
    intermediate: 16,
    maxPositions,
  })
  await writeFile(join(data, 'config.json'), JSON.stringify(bert))
  return { folder, data, images, textEncoder: data, out: join(folder, 'out'), corpus }
}

/** A ResNet of two channels with random weights, as torchvision would save it; gives its file. */
export async function writeResNet(folder: string): Promise<{ file: string; weights: Weights }> {
  const encoder = createResNetEncoder({
    kind: 'resnet',
    block: 'basic',
    layers: [1, 1, 1, 1],
    width: 2,
    seed: 4,
  })
  const tensors = Object.entries(encoder.parameters()).map(([name, variable]) => {
    const values = Float32Array.from(variable.dataSync())
    return [name, storeFloat32(values, variable.shape)] as const
  })
  encoder.dispose()
  const file = join(folder, 'resnet.safetensors')
  await saveWeights(file, {
    ...Object.fromEntries(tensors),
    'fc.bias': storeFloat32(new Float32Array(1), [1]),
  })
  return { file, weights: await loadWeights(file) }
}
