import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { useBackend } from '@mafjs/compile/engine'
import { beforeAll, expect, it } from 'vitest'
import { FROM_SOURCE } from '../../../ner-maf/test/from-source'
import { writeResNet, writeTask } from '../../../ner-maf/test/train/run-files'
import { type FeaturesRunOptions, featuresRun } from '../../src/features/features-run'
import { entriesOf, sizeOf } from './cache-files'

const SCRIPT = fileURLToPath(new URL('./fill-cache.ts', import.meta.url))

beforeAll(() => useBackend('wasm'))

/** A process that fills a cache, and what it has said. */
function start(options: FeaturesRunOptions, callToDieAt?: number) {
  const given = [JSON.stringify(options), ...(callToDieAt === undefined ? [] : [String(callToDieAt)])]
  const child = spawn(process.execPath, [...FROM_SOURCE, SCRIPT, ...given], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const lines: string[] = []
  child.stdout!.setEncoding('utf8').on('data', (text: string) => lines.push(...text.trim().split('\n')))
  const ended = once(child, 'exit') as Promise<[number | null, string | null]>
  const said = async (): Promise<void> => {
    while (lines.length === 0 && child.exitCode === null) await new Promise(resolve => setTimeout(resolve, 5))
  }
  return { child, lines, ended, said }
}

async function task() {
  const { folder, data, images } = await writeTask({ train: 60, valid: 4, test: 4 })
  const { file } = await writeResNet(folder)
  const options = (name: string): FeaturesRunOptions => ({
    ...{ data, images, imageEncoder: file, engine: 'onnx', threads: 1, featureCache: join(folder, name) },
  })
  return { folder, options }
}

it('four processes fill one cache at once, three of them killed: what is there is whole', {
  timeout: 120_000,
}, async () => {
  const { folder, options } = await task()
  await featuresRun(options('alone'))
  const together = options('together')
  // With nobody else at work both come to the call that they die at.
  const dying = [start(together, 7), start(together, 12)]
  const ends = await Promise.all(dying.map(({ ended }) => ended))
  expect(ends.map(([, signal]) => signal)).toEqual(['SIGKILL', 'SIGKILL'])
  const [killed, whole] = [start(together), start(together)]
  await killed.said()
  killed.child.kill('SIGKILL')
  expect(await whole.ended).toEqual([0, null])

  const notes: string[] = []
  const { counts } = await featuresRun({ ...together, onNote: note => notes.push(note) })
  const last = JSON.parse(whole.lines.at(-1)!)
  expect(counts).toEqual({ cached: last.cached + last.computed, computed: 0, broken: 0 })
  expect(notes).toEqual([])
  const files = await entriesOf(join(folder, 'alone'))
  expect(await entriesOf(join(folder, 'together'))).toEqual(files)
  for (const file of files) {
    const [alone, shared] = await Promise.all(
      ['alone', 'together'].map(cache => readFile(join(folder, cache, file))),
    )
    expect(shared!.equals(alone!), file).toBe(true)
  }
  // What the killed ones left lies aside, and counts as nothing.
  expect((await readdir(join(folder, 'together/partial'))).length).toBeGreaterThanOrEqual(2)
})

it('two processes keep a small cache within its bound, and both come to their end', {
  timeout: 120_000,
}, async () => {
  const { folder, options } = await task()
  const small = { ...options('small'), featureCacheSize: 100e-6 }
  const both = [start(small), start(small)]
  expect((await Promise.all(both.map(({ ended }) => ended))).map(([code]) => code)).toEqual([0, 0])
  for (const { lines } of both) {
    const { cached, computed, broken } = JSON.parse(lines.at(-1)!)
    expect([cached + computed > 20, broken]).toEqual([true, 0])
  }
  expect(await sizeOf(join(folder, 'small'))).toBeLessThanOrEqual(100e3)
  expect((await entriesOf(join(folder, 'small'))).length).toBeGreaterThan(5)
})
