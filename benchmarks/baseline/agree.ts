import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Engine, useEngine } from '@mafjs/compile/engine'
import { type Post, readDataset, windowRows } from '@mafjs/data'
import { loadTextEncoder } from '@mafjs/encoders'
import { type BatchArrays, buildMaf, nerTask, referenceConfig } from '@mafjs/ner-maf'
import { fit } from '@mafjs/train'
import { withFolder } from '../../tools/command'
import { runShown } from '../../tools/processes'
import { type Arrays, writeTensorFile } from '../files/tensor-file'

const SCRIPT = fileURLToPath(new URL('agree.py', import.meta.url))

/** What losses of a step may be apart, as a share of PyTorch's. */
export const SAME_LOSS = 1e-4

/** What is trained on either side. */
export interface AgreeOptions {
  /** Folder of the data set. */
  data: string
  encoder: string
  steps: number
  /** Posts of a step. */
  batch: number
  /** Word pieces that every post is padded to. */
  tokens: number
  python: string
  threads: number
  signal?: AbortSignal | undefined
}

/** The losses of one side after another, by step. */
export interface Agreement {
  ours: number[]
  theirs: number[]
  /** The largest difference as a share of PyTorch's loss. */
  apart: number
}

/** Our own side by `fit`, whose batches, rates and first weights of what is on top of the encoder are written for PyTorch. */
async function trainOurs(posts: readonly Post[], folder: string, engine: Engine, options: AgreeOptions) {
  const { encoder: checkpoint, tokens, batch, signal } = options
  const noDropout = { hiddenDropout: 0, attentionDropout: 0 }
  const loaded = await loadTextEncoder(checkpoint, { maxLength: tokens, summary: 'pooler', ...noDropout })
  const { encoder, tokenizer } = loaded
  const textEncoder = encoder.config
  const config = referenceConfig({ textEncoder, tokens, dropout: 0 })
  const model = buildMaf(config, { textEncoder: encoder })
  const stored: Arrays = {}
  for (const [name, variable] of Object.entries(model.parameters())) {
    if (!/^(classifier|crf)\./.test(name)) continue
    stored[name] = { data: (await variable.data<'float32'>()).slice(), shape: variable.shape }
  }
  const train = windowRows(posts, { config, tokenizer })
  const task = nerTask(model, { tokenizer, train })
  let step = 0
  const watched: typeof task = {
    ...task,
    async collate(rows, run) {
      const arrays = await task.collate(rows, run)
      const { text, labels } = arrays as unknown as BatchArrays & { labels: Arrays[string] }
      for (const [name, values] of Object.entries({ ...text, labels })) stored[`${step}/${name}`] = values
      step += 1
      return arrays
    },
  }
  const [ours, rates]: number[][] = [[], []]
  await fit(watched, {
    ...{ engine, train, signal, settings: { epochs: 1, batchSize: batch, optimizer: 'published' } },
    onEvent(event) {
      if (event.type !== 'step') return
      ours!.push(event.losses['tagging']!)
      rates!.push(event.learningRate)
    },
  })
  model.dispose()
  writeTensorFile(join(folder, 'batches.safetensors'), stored)
  const { lossWeight } = config
  await writeFile(join(folder, 'settings.json'), JSON.stringify({ rates, lossWeight }))
  return ours!
}

/**
 * Trains the `reference` preset on posts without pictures, and a PyTorch model of transformers' BERT, our CRF in PyTorch and the published
 * optimiser on the same batches from the same weights, both without dropout.
 */
export async function agree(options: AgreeOptions): Promise<Agreement> {
  const { data, encoder, steps, batch, python, threads, signal } = options
  const engine = await useEngine({ engine: 'onnx', threads })
  const { train } = await readDataset({ data, required: ['train'] })
  const posts = train!.examples.slice(0, steps * batch)
  return withFolder('agree', async folder => {
    const ours = await trainOurs(posts, folder, engine, options)
    await runShown(python, [SCRIPT, encoder, folder, String(threads)], { signal })
    const theirs = JSON.parse(await readFile(join(folder, 'losses.json'), 'utf8')) as number[]
    const apart = Math.max(...theirs.map((loss, i) => Math.abs(ours[i]! - loss) / Math.abs(loss)))
    return { ours, theirs, apart }
  })
}
