import { spawn } from 'node:child_process'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { useEngine } from '@mafjs/compile/engine'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { compareWays } from '../compare'
import { drawPairs } from '../draw-pairs'
import { drawnFiles } from '../drawn-files'
import { formatReliability, formatWays } from '../format-table'
import { learnRidge } from '../learn-ridge'
import { readOptions } from '../options'
import { plantMismatches } from '../pairs'
import { trainMatching } from '../train-matching'
import { withScore, writeCleaned } from '../write-cleaned'

const SETTINGS = {
  ...{ learningRate: 2e-3, epochs: 20, batchSize: 128, weightDecay: 0.01 },
  ...{ featureDropout: 0, hidden: 96, alignment: 1 },
}

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'maf-clean-'))
})
afterAll(() => rm(folder, { recursive: true }))

/** The command, as `npm run example` starts it. */
const command = (...options: string[]) =>
  new Promise<{ code: number | null; stdout: string; stderr: string }>(resolve => {
    const main = fileURLToPath(new URL('../main.ts', import.meta.url))
    const run = spawn(process.execPath, [
      '--import',
      new URL('../../../tools/workspace/from-source.mjs', import.meta.url).href,
      main,
      ...options,
    ])
    let [stdout, stderr] = ['', '']
    run.stdout.on('data', chunk => {
      stdout += chunk
    })
    run.stderr.on('data', chunk => {
      stderr += chunk
    })
    run.on('exit', code => resolve({ code, stdout, stderr }))
  })

test('planted mismatches are found far better than by lot or ridge regression, and probabilities are true', async () => {
  await useEngine({ engine: 'onnx', threads: 1 })
  const comparison = await compareWays({
    source: () => drawPairs(700, 50),
    share: 0.2,
    matching: [{ name: 'match', learn: (train, seed) => trainMatching(train, SETTINGS, seed) }],
    ridge: [{ name: 'ridge', learn: learnRidge(100) }],
    goal: { keep: 0.9 },
    seeds: [0],
  })
  const [lots, ridge, bare, calibrated] = comparison.ways.map(({ runs }) => runs[0]!)
  expect(lots!.precision).toBeCloseTo(0.2, 12)
  expect(calibrated!.auc).toBeGreaterThan(ridge!.auc + 0.05)
  expect(calibrated!.precision).toBeGreaterThan(0.4)
  expect(calibrated!.recall).toBeGreaterThan(0.4)
  expect(calibrated!.lost).toBeLessThan(0.2)
  expect(calibrated!.ece! + 0.1).toBeLessThan(bare!.ece!)
  expect(Math.abs(calibrated!.found! - 0.2)).toBeLessThan(0.1)
  expect(formatWays(comparison).split('\n')).toHaveLength(6)
  expect(formatReliability(comparison).split('\n')).toHaveLength(12)
}, 30_000)

test('cleans a JSONL: nothing is lost, order and unknown fields stay, unreadable pairs are dropped without a score', async () => {
  const drawn = drawPairs(260, 60)
  const pictures = plantMismatches(drawn, 0.2, 60)
  const files = await drawnFiles(drawn, pictures)
  const lines = files.lines.map(
    (line, i) => `${line.slice(0, -1)}, "big": 1234567890123456789${i % 10}, "x": [1.0] }`,
  )
  lines[7] = '{"id":"no picture","text":"a red disc","image":"pictures/none.png"}'
  lines[9] = lines[9]!.replace(/"text":"[^"]*"/, '"text":"http://a.b/c"')
  await mkdir(join(folder, 'pictures'))
  for (const [path, bytes] of Object.entries(files.pictures)) await writeFile(join(folder, path), bytes)
  await writeFile(join(folder, 'pairs.jsonl'), `${lines.join('\n')}\n`)
  const out = join(folder, 'out')
  const apart = ['--text-similarity', '1', '--picture-distance', '0'] // captions of one pattern are no duplicates
  const given = [
    '--data',
    join(folder, 'pairs.jsonl'),
    '--text-encoder',
    'words',
    '--image-encoder',
    'pixels',
  ]
  const { code, stdout, stderr } = await command(...given, ...apart, '--out', out, '--epochs', '20')
  expect(stderr).toContain('1 without a word, 1 with a picture that is missing or broken')
  expect(code).toBe(0)

  const read = async (name: string): Promise<string[]> =>
    (await readFile(join(out, name), 'utf8')).split('\n').slice(0, -1)
  const [kept, dropped] = [await read('kept.jsonl'), await read('dropped.jsonl')]
  expect(stdout).toContain(`kept ${kept.length}, dropped ${dropped.length}`)
  const threshold = Number(/threshold ([\d.]+)/.exec(stdout)![1])
  const without = (line: string): string => line.replace(/,"score":(null|[\d.e-]+)}$/, '')
  for (const some of [kept, dropped]) {
    const places = some.map(line =>
      lines.findIndex(source => without(line) === source.slice(0, -1).trimEnd()),
    )
    expect(places).toEqual([...places].sort((a, b) => a - b))
    expect(places).not.toContain(-1)
  }
  expect(kept.length + dropped.length).toBe(260)
  for (const line of kept) expect(JSON.parse(line).score).toBeGreaterThanOrEqual(threshold - 1e-4)
  const scores = dropped.map(line => JSON.parse(line).score as number | null)
  expect(scores.filter(score => score === null)).toHaveLength(2)
  for (const score of scores) if (score !== null) expect(score).toBeLessThanOrEqual(threshold + 1e-4)
  const wrong = dropped.filter(line => {
    const place = lines.findIndex(source => without(line) === source.slice(0, -1).trimEnd())
    return pictures[place] !== place
  })
  expect(wrong.length / dropped.length).toBeGreaterThan(0.4) // a fifth by lot

  await expect(writeCleaned(out, [], 0)).rejects.toThrow(/--out must be a folder that is not there yet/)
}, 30_000)

test('a bad line ends the command with its place, and nothing is written', async () => {
  const path = join(folder, 'bad.jsonl')
  const good = '{"id":1,"text":"a","image":"a.png"}'
  const given = ['--data', path, '--text-encoder', 'words', '--image-encoder', 'pixels']
  await writeFile(path, `${good}\n\n{"id":2,"text":"b"}\n`)
  const before = await readdir(folder)
  const { code, stderr, stdout } = await command(...given, '--out', join(folder, 'bad'))
  expect(code).toBe(1)
  expect(stdout).toBe('')
  expect(stderr).toContain('bad.jsonl:3 must have an "image"')
  expect(await readdir(folder)).toEqual(before)
}, 30_000)

test('a folder that cannot be written whole is not there at all', async () => {
  const out = join(folder, 'half')
  const before = await readdir(folder)
  const line = { line: '{"id":1}', score: 0.5 }
  // A file where a folder must be: the second write fails after the first was done.
  const others = { 'a.txt': 'a', 'a.txt/b.txt': 'b' }
  await expect(writeCleaned(out, [line], 0.5, others)).rejects.toThrow()
  expect(await readdir(dirname(out))).toEqual(before)
  expect(await writeCleaned(out, [line, { ...line, score: null }], 0.5)).toEqual({ kept: 1, dropped: 1 })
  expect(withScore({ line: '{"n":1e400, "s":"}" }', score: 1 / 3 })).toBe(
    '{"n":1e400, "s":"}","score":0.3333}',
  )
})

test('options that do not go together are refused by name', () => {
  const real = ['--data', 'a', '--text-encoder', 'words', '--image-encoder', 'pixels']
  expect(() => readOptions(['--data', 'a', '--out', 'b'])).toThrow(/--text-encoder must be given with --data/)
  expect(() => readOptions(real)).toThrow(/--out must be given with --data/)
  expect(() => readOptions([...real, '--plant', '0.2', '--out', 'b'])).toThrow(/--out must be left out/)
  expect(() => readOptions([...real, '--out', 'b', '--seeds', '3'])).toThrow(/--seeds must be left out/)
  expect(() => readOptions(['--keep', '95'])).toThrow(/--keep must be between 0 and 1/)
  expect(() => readOptions(['--keep', '0.9', '--precision', '0.9'])).toThrow(/--precision must be left out/)
  expect(readOptions(['--precision', '0.9'])).toMatchObject({
    goal: { precision: 0.9 },
    plant: 0.2,
    seeds: 5,
  })
  expect(readOptions([...real, '--out', 'b'])).not.toHaveProperty('plant')
})
