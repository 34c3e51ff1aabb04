import { existsSync } from 'node:fs'
import { copyFile, mkdir, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { exportOnnx } from '@mafjs/compile'
import { useEngine } from '@mafjs/ner-maf'
import type { Tensor4D } from '@tensorflow/tfjs-core'
// What the tests of ner-maf check against published outputs.
import { mobileNet } from '../../packages/ner-maf/test/onnx-image/published-networks'

/** A BERT from random weights, small enough for eight trainings within an hour on one core. */
const BERT = {
  model_type: 'bert',
  vocab_size: 21_128, // bert-base-chinese
  hidden_size: 128,
  num_hidden_layers: 2,
  num_attention_heads: 4,
  intermediate_size: 512,
  max_position_embeddings: 128,
}

/** Side of the pictures that MobileNetV2 was trained on. */
const PICTURE = 224

/** Writes the folder of the text encoder: its shape, and the vocabulary with one token for each Chinese character. */
export async function writeTextEncoder(folder: string, models: string): Promise<string> {
  await mkdir(folder, { recursive: true })
  await copyFile(join(models, 'vocab/bert-base-chinese-vocab.txt'), join(folder, 'vocab.txt'))
  await writeFile(join(folder, 'tokenizer_config.json'), '{ "do_lower_case": true }\n')
  await writeFile(join(folder, 'config.json'), `${JSON.stringify(BERT, null, 2)}\n`)
  return folder
}

/** Writes MobileNetV2 with its ImageNet weights as an ONNX model of 7 x 7 regions, once. */
export async function writeImageEncoder(folder: string, models: string): Promise<string> {
  const file = join(folder, 'mobilenetv2.onnx')
  if (existsSync(file)) return file
  await mkdir(folder, { recursive: true })
  await useEngine({ engine: 'onnx', threads: 1 })
  const network = await mobileNet(join(models, 'mobilenetv2_nchw.safetensors'))
  const bytes = await exportOnnx(({ pictures }: { pictures: Tensor4D }) => network(pictures), {
    pictures: { shape: ['batch', PICTURE, PICTURE, 3] },
  })
  await writeFile(`${file}.part`, bytes)
  await rename(`${file}.part`, file)
  return file
}
