import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { exportRun } from '../../src/export/export-run'
import { trainRun } from '../../src/train/train-run'
import type { TrainRunOptions } from '../../src/train/train-run-options'
import { writeTask } from './run-files'

test('a model starts from a trained one, or from its export, and says what starts anew', async () => {
  const { folder, data, textEncoder, out } = await writeTask({ train: 12, valid: 4, test: 2 })
  const common = {
    ...{ data, textEncoder, randomTextEncoder: true, maxLength: 64, threads: 1 },
    ...{ epochs: 1, batchSize: 12, dropout: 0, seed: 3 },
    engine: 'onnx',
  } as const
  /** The first loss of a run, which no step has changed yet, and what it says. */
  const begin = async (options: Partial<TrainRunOptions>) => {
    const notes: string[] = []
    let first: number | undefined
    await trainRun({
      ...{ ...common, out: join(folder, `begun-${Math.random()}`), learningRate: 1e-9 },
      ...options,
      onRead: (_, said) => notes.push(...said),
      onNote: note => notes.push(note),
      onEvent: event => {
        if (event.type === 'step') first ??= event.losses.total
      },
    })
    return { first: first!, notes: notes.join('\n') }
  }
  await trainRun({ ...common, out, epochs: 8, batchSize: 4, learningRate: 2e-2 })
  const scratch = await begin({})
  const checkpoint = await begin({ init: out })
  expect(checkpoint.first).toBeLessThan(0.5 * scratch.first)
  expect(checkpoint.notes).toMatch(/(\d+) of \1 parameters start with the weights of/)

  const exported = join(folder, 'export')
  await exportRun({ model: out, out: exported, threads: 1 })
  const fromExport = await begin({ init: exported })
  expect(fromExport.first).toBeCloseTo(checkpoint.first, 4)

  // The same number of labels, but others: their heads mean nothing any more.
  const renamed = join(folder, 'renamed')
  await trainRun({ ...common, out: renamed, epochs: 1, learningRate: 1e-9 })
  const config = JSON.parse(await readFile(join(renamed, 'config.json'), 'utf8'))
  config.model.labels = config.model.labels.map((label: string) => label.replace(/-.*/, '-OTHER'))
  await writeFile(join(renamed, 'config.json'), JSON.stringify(config))
  const other = await begin({ init: renamed })
  expect(other.notes).toMatch(/has other labels .*: classifier and CRF start anew/)
  expect(other.notes).toMatch(/are not there and stay as they are: .*classifier\.weight/)

  const tokenizer = JSON.parse(await readFile(join(renamed, 'tokenizer.json'), 'utf8'))
  await writeFile(join(renamed, 'tokenizer.json'), JSON.stringify({ ...tokenizer, version: 'another' }))
  await expect(begin({ init: renamed })).rejects.toThrow('init must be a model with the tokenizer')
  await expect(begin({ init: data })).rejects.toThrow(/tokenizer\.json/)

  // The model alone says how texts are read, and how long they may be.
  const alone = await begin({
    ...{ init: out, textEncoder: undefined, randomTextEncoder: false },
    ...{ maxLength: undefined, splitter: undefined },
  })
  expect(alone.first).toBeCloseTo(checkpoint.first, 5)
  const long = { init: out, textEncoder: undefined, randomTextEncoder: false, maxLength: 100_000 }
  await expect(begin(long)).rejects.toThrow(/maxLength must be at most \d+, the positions/)
  const both = { init: undefined, textEncoder: undefined }
  await expect(begin({ ...both, randomTextEncoder: false })).rejects.toThrow(
    /textEncoder must be given, or a trained/,
  )
  await expect(begin({ init: out, textEncoder: undefined })).rejects.toThrow(
    /randomTextEncoder must be left out/,
  )
})
