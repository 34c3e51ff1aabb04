import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { useEngine } from '@mafjs/compile/engine'
import { createTextEncoder } from '@mafjs/encoders'
import { InterruptedError } from '@mafjs/train'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { saveEncoder } from '../../tools/tiny-world/save-encoder'
import { writeBert } from '../../tools/tiny-world/write-bert'
import { bestRates, chooseRates, runFolder, runOf, trainRuns } from '../baseline/measure'
import { baselineCommand } from '../baseline/options'
import type { BaselineRecord } from '../baseline/record'
import { report, scoreTable } from '../baseline/report'
import { epochsOf, trainUntil } from '../training/train-until'

const WORDS = ['Rob', 'Oslo', 'sleeps', 'in']
const post = (i: number): string =>
  `IMGID:${i}\n${WORDS[i % 2]}\t${i % 2 ? 'B-LOC' : 'B-PER'}\n${WORDS[2 + (i % 2)]}\tO\n`

let folder: string
let options: ReturnType<ReturnType<typeof baselineCommand>['opts']>
beforeAll(async () => {
  await useEngine({ engine: 'onnx', threads: 1 })
  folder = await mkdtemp(join(tmpdir(), 'maf-baseline-'))
  for (const [place, data] of ['twitter2017', 'twitter2015'].entries()) {
    await mkdir(join(folder, 'data', data), { recursive: true })
    for (const [split, name] of ['train', 'valid', 'test'].entries()) {
      const posts = Array.from({ length: 6 }, (_, i) => post(100 * place + 10 * split + i))
      await writeFile(join(folder, 'data', data, `${name}.txt`), posts.join('\n'))
    }
  }
  const encoder = join(folder, 'bert')
  const vocab = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]', ...WORDS].join('\n')
  const shape = { hidden: 8, layers: 1, heads: 2, intermediate: 16, maxPositions: 128 }
  const config = await writeBert(encoder, shape, { vocab })
  await saveEncoder(join(encoder, 'model.safetensors'), createTextEncoder(config))
  const words = { encoder: 'bert', data: 'data', work: 'work', results: 'results' }
  const flags = Object.entries(words).flatMap(([name, path]) => [`--${name}`, join(folder, path)])
  options = baselineCommand()
    .parse([...flags, '--epochs', '2', '--threads', '1'], { from: 'user' })
    .opts()
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const never = new AbortController().signal
const read = async (name: string) => JSON.parse(await readFile(join(folder, 'results', name), 'utf8'))

describe('the baseline', () => {
  it('takes the rates with the higher validation F1, of equal ones the first', () => {
    expect(bestRates({ higher: 0.5, lower: 0.6 })).toBe('lower')
    expect(bestRates({ higher: 0.5, lower: 0.5 })).toBe('higher')
  })

  it('chooses by one epoch without the test split, goes on with that run, and keeps figures of every run', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => {})
    const printed = vi.spyOn(console, 'log').mockImplementation(() => {})
    const chosen = await chooseRates(options, never)
    const first = runFolder(options.work, 'twitter2017', chosen, 37)
    const before = await epochsOf(first)
    expect(before).toHaveLength(1)
    // A test score would say that its split was looked at before the choice.
    expect(await readFile(join(first, 'events.jsonl'), 'utf8')).not.toContain('"test"')
    expect(await read('baseline-rates.json')).toMatchObject({
      chosen,
      validation: { [chosen]: before[0]!.strict },
    })

    await trainRuns(options, never)
    expect((await epochsOf(first))[0]).toEqual(before[0])
    const records: BaselineRecord[] = []
    for (const name of ['twitter2017-seed-37', 'twitter2017-seed-38', 'twitter2015-seed-37'])
      records.push(await read(`baseline-${name}.json`))
    expect(records[0]).toMatchObject({ seed: 37, settings: { batchSize: 64, accumulate: 4 } })
    expect(records.map(({ test }) => test.strict.micro.support)).toEqual([6, 6, 6])
    // Nothing of this machine's folders is committed.
    expect(JSON.stringify(records)).not.toContain(folder)

    printed.mockClear()
    await report(options)
    const [of2015, of2017] = printed.mock.calls.map(([text]) => String(text))
    expect(of2015).toContain('71.81')
    expect(of2017).toContain('seed 38')
    vi.restoreAllMocks()
  }, 120_000)

  it('an interruption from outside ends it, and is told', async () => {
    const out = runFolder(options.work, 'twitter2017', 'higher', 40)
    const data = join(options.data, 'twitter2017')
    const run = runOf({ ...options, data, rates: 'higher', seed: 40, out })
    vi.spyOn(console, 'error').mockImplementation(() => {})
    await expect(trainUntil({ ...run, signal: AbortSignal.abort() })).rejects.toThrow(InterruptedError)
    expect(await trainUntil({ ...run, signal: never })).toHaveLength(2)
    vi.restoreAllMocks()
  }, 60_000)

  it('the table gives every type and what was published beside', () => {
    const score = { precision: 0.5, recall: 0.25, f1: 1 / 3, support: 4, predicted: 2, correct: 1 }
    const scores = { micro: score, perType: { PER: score } }
    const record = { model: 'BERT-CRF', seed: 1, test: { strict: scores, lenient: scores } }
    const lines = scoreTable('twitter2017', [record as unknown as BaselineRecord]).split('\n')
    expect(lines).toHaveLength(5)
    expect(lines[2]!.split('|').map(cell => cell.trim())).toEqual([
      '',
      'BERT-CRF, seed 1',
      'strict',
      '50.00',
      '25.00',
      '33.33',
      '33.33',
      '0.00',
      '0.00',
      '0.00',
      '',
    ])
    expect(lines[4]).toContain('83.44')
  })
})
