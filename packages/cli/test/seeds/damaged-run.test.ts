import { cp, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { useBackend } from '@mafjs/compile/engine'
import { type TrainRunOptions, trainRun } from '@mafjs/ner-maf'
import { InvalidArgumentError } from '@mafjs/tensor'
import { readSafetensors, type StoredTensor, safetensorsChunks } from '@mafjs/tensor/safetensors'
import { beforeAll, describe, expect, it } from 'vitest'
import { DAMAGES } from '../../../ner-maf/test/folders/damages'
import { contents } from '../../../ner-maf/test/train/contents'
import { writeTask } from '../../../ner-maf/test/train/run-files'
import { compareRun } from '../../src/compare/compare-run'
import { trainSeeds } from '../../src/seeds/train-seeds'

beforeAll(() => useBackend('wasm'))

async function task() {
  const { folder, data, textEncoder } = await writeTask({ train: 16, valid: 4, test: 4 })
  const options = { data, textEncoder, randomTextEncoder: true, maxLength: 64, batchSize: 8, epochs: 1 }
  return { folder, options, out: join(folder, 'out') }
}

/** Expects that a call is refused for a file, with a way out, and that it leaves the folder as it was. */
async function expectRefusal(folder: string, file: string, call: () => Promise<unknown>): Promise<void> {
  const before = await contents(folder)
  const error = await call().then(
    () => undefined,
    (error: unknown) => error,
  )
  expect(error, file).toBeInstanceOf(InvalidArgumentError)
  const { message } = error as Error
  expect(message.startsWith(join(folder, file)), message).toBe(true)
  expect(message).toMatch(/ must .*\. Received: .*\. .*(overwrite: true|another folder|again\.)/)
  expect(await contents(folder)).toEqual(before)
}

describe('a run is not gone on with, and can be begun anew, where', () => {
  it('a file of it is damaged, missing from its last state, or cannot be read', {
    timeout: 120_000,
  }, async () => {
    const { folder, options, out } = await task()
    await trainRun({ ...options, out })
    const resume = (at: string): TrainRunOptions => ({ ...options, out: at, resume: true })
    const cases = ['run.json', 'last/progress.json'].flatMap(file =>
      Object.entries(DAMAGES).map(([how, damage]) => ({ file, how, damage })),
    )
    const missing = ['progress.json', 'model.safetensors', 'optimizer.safetensors'].map(name => ({
      ...{ file: `last/${name}`, how: 'missing', damage: (file: string) => rm(file) },
    }))
    for (const [i, { file, how, damage }] of [...cases, ...missing].entries()) {
      const copy = join(folder, `copy-${i}`)
      await cp(out, copy, { recursive: true })
      await damage(join(copy, file))
      await expectRefusal(copy, file, () => trainRun(resume(copy))).catch(error => {
        throw new Error(`${file}, ${how}: ${error}`)
      })
    }
    // Also where there is no model yet: the run is known by its last state.
    const copy = join(folder, 'copy-0')
    await rm(join(copy, 'config.json'))
    await trainRun({ ...options, out: copy, overwrite: true })
    expect(await contents(copy)).toEqual(await contents(out))
  })

  it('a tensor of its state is missing, or of another shape', async () => {
    const { options, out } = await task()
    await trainRun({ ...options, out })
    const refused: [
      file: string,
      change: (tensors: Record<string, StoredTensor>) => void,
      message: string,
    ][] = [
      [
        'last/model.safetensors',
        tensors => void delete tensors['crf.transitions'],
        'crf.transitions must be [9, 9]. Received: nothing.',
      ],
      [
        'model.safetensors',
        tensors => {
          tensors['crf.transitions'] = tensors['crf.start_transitions']!
        },
        'crf.transitions must be [9, 9]. Received: [9].',
      ],
      [
        'last/optimizer.safetensors',
        tensors => void delete tensors['crf.transitions.exp_avg'],
        'crf.transitions must have 81 numbers of each moment. Received: 0.',
      ],
    ]
    for (const [name, change, message] of refused) {
      const file = join(out, name)
      const whole = await readFile(file)
      const { tensors } = readSafetensors(whole, file)
      change(tensors)
      await writeFile(file, Buffer.concat([...safetensorsChunks(tensors)]))
      const before = await contents(out)
      await expect(trainRun({ ...options, epochs: 1, out, resume: true }), name).rejects.toThrow(
        `${name} of the run, ${message}`,
      )
      expect(await contents(out)).toEqual(before)
      await writeFile(file, whole)
    }
    await trainRun({ ...options, out, resume: true })
  })

  it('a line of its events is damaged; the last one may be unfinished', async () => {
    const { options, out } = await task()
    await trainRun({ ...options, out })
    const file = join(out, 'events.jsonl')
    const [first, ...others] = (await readFile(file, 'utf8')).split('\n')
    for (const line of [
      '',
      first!.slice(0, 30),
      'null',
      '[]',
      '{"type":"stop"}',
      '{"type":"step","step":1,"epoch":1}',
    ]) {
      await writeFile(file, [first, line, ...others].join('\n'))
      await expectRefusal(out, 'events.jsonl:2', () => trainRun({ ...options, out, resume: true }))
    }
    await writeFile(file, [first, ...others].join('\n').concat('{"type":"st'))
    await trainRun({ ...options, out, resume: true })
    await trainRun({ ...options, out, overwrite: true })
  })
})

it('a training with seeds and what compares it refuse a damaged summary or evaluation', async () => {
  const { folder, options, out } = await task()
  const seeds = { ...options, out, seed: 4, seeds: 1 }
  await trainSeeds(seeds)
  const compare = (b: string) => () => compareRun({ a: out, b, rounds: 10 })
  for (const [i, damage] of Object.values(DAMAGES).entries()) {
    const copy = join(folder, `copy-${i}`)
    await cp(out, copy, { recursive: true })
    await damage(join(copy, 'summary.json'))
    await expectRefusal(copy, 'summary.json', () => trainSeeds({ ...seeds, out: copy }))
    await expectRefusal(copy, 'summary.json', compare(copy))
    const one = join(copy, 'evaluation/seed-4')
    await damage(join(one, 'report.json'))
    await expectRefusal(one, 'report.json', compare(one))
  }
  // Its evaluation is damaged too: that is said before the training.
  const trained: number[] = []
  const anew = join(folder, 'copy-0')
  const again = { ...seeds, out: anew, overwrite: true, onSeed: (seed: number) => void trained.push(seed) }
  await expectRefusal(anew, 'evaluation/seed-4/report.json', () => trainSeeds(again))
  expect(trained).toEqual([])
  await rm(join(anew, 'evaluation/seed-4'), { recursive: true })
  await trainSeeds(again)
  expect(trained).toEqual([4])
})
