import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { useBackend } from '@mafjs/compile/engine'
import { trainRun } from '@mafjs/ner-maf'
import { InterruptedError } from '@mafjs/train'
import { beforeAll, expect, it } from 'vitest'
import { startLocker } from '../../../ner-maf/test/folders/locker'
import { writeTask } from '../../../ner-maf/test/train/run-files'
import { trainSeeds } from '../../src/seeds/train-seeds'

beforeAll(() => useBackend('wasm'))

async function task() {
  const { folder, data, textEncoder } = await writeTask({ train: 16, valid: 4, test: 4 })
  const options = {
    ...{ data, textEncoder, randomTextEncoder: true, maxLength: 64, epochs: 2 },
    batchSize: 8,
  }
  return { folder, options }
}

it('of two trainings of one process in one folder one alone is done', async () => {
  const { folder, options } = await task()
  const out = join(folder, 'out')
  const ended = await Promise.allSettled(
    [1, 2].map(seed => trainRun({ ...options, out, seed, overwrite: true })),
  )
  const done = ended.flatMap(({ status }, i) => (status === 'fulfilled' ? [i + 1] : []))
  expect(done).toHaveLength(1)
  const [refused] = ended.flatMap(one => (one.status === 'rejected' ? [one.reason] : []))
  expect(String(refused)).toContain('out must not be in use')
  const json = async (name: string) => JSON.parse(await readFile(join(out, name), 'utf8'))
  expect([(await json('run.json')).seed, (await json('config.json')).training.seed]).toEqual([
    ...done,
    ...done,
  ])
})

it('a training with seeds has its folder and those of its seeds to itself', async () => {
  const { folder, options } = await task()
  const out = join(folder, 'out')
  const other = startLocker()
  const controller = new AbortController()
  let answers: unknown[] = []
  const asking = (): void => {
    const inSeed = trainRun({ ...options, out: join(out, 'seed-4'), overwrite: true }).catch(String)
    void Promise.all([other.lock(out).then(() => other.lock(join(out, 'seed-5'))), other.lock(out), inSeed])
      .then(given => {
        answers = given
      })
      .finally(() => controller.abort())
  }
  const training = trainSeeds({
    ...{ ...options, out, seed: 4, seeds: 2, epochs: 100_000, signal: controller.signal },
    onEvent: event => event.type === 'step' && event.step === 1 && asking(),
  })
  await expect(training).rejects.toThrow(InterruptedError)
  expect(answers).toEqual([
    expect.stringContaining('`ner-maf train --seeds` (process'),
    expect.stringContaining('`ner-maf train --seeds` (process'),
    expect.stringContaining('`ner-maf train` (this process'),
  ])
  await other.end('exit')
  for (const place of [folder, out]) {
    expect((await readdir(place)).filter(name => name.startsWith('.'))).toEqual([])
  }
})
