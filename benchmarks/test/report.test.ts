import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { describeMachine } from '../machine'
import type { Lane, RaceResult } from '../race/race-row'
import { PLAIN_SETTINGS } from '../race/torch-settings'
import { type BenchResult, countFailures, writeResults } from '../report'

const summary = (median: number) => ({ median, low: median, high: median, count: 7 })
const lane = (median: number): Lane => ({
  time: summary(median),
  cores: summary(2 * median),
  peak: 2 ** 30,
  loadingPeak: 2 ** 30,
  loading: 1,
})
const ratio = (of: number) => ({ ratio: of, ratioLow: of, ratioHigh: of })
const race = (ours: number, theirs: number, cores = ours / theirs): RaceResult => ({
  ours: lane(ours),
  theirs: lane(theirs),
  ...ratio(ours / theirs),
  cores: ratio(cores),
})
const result: BenchResult = {
  date: '2026-01-02T03:04:05Z',
  size: 'full',
  machine: describeMachine(),
  load: 0,
  ours: { about: { name: 'MAF.js', tfjs: '4' }, settings: { engine: 'compiled', threads: 2 } },
  opponents: [
    {
      about: { name: 'PyTorch 1.13', libraries: 'openblas/libblas.so.3' },
      precision: 'fp32',
      rows: [
        {
          name: 'a',
          title: 'fast',
          bar: 0.5,
          race: race(20, 50),
          settings: { ...PLAIN_SETTINGS, blas: '/opt/x/blis' },
        },
        { name: 'b', title: 'slow', bar: 0.5, race: race(40, 50) },
        { name: 'hot', title: 'hot', bar: 0.5, race: race(20, 50, 0.6) },
        { name: 'c', title: 'odd', bar: 0.5, reason: 'the two sides disagree' },
      ],
    },
  ],
  measurements: [
    { name: 'd', title: 'tracing', values: [{ what: 'beyond a step', value: 12, unit: 's', bar: 10 }] },
  ],
  sweeps: [],
  notes: ['python3 has no PyTorch to race'],
}

test('the report says what is met, missed and not raced, and names no folder of the machine', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'report-'))
  const [json, markdown] = (await writeResults(folder, 'full', result)).map(path =>
    readFileSync(path, 'utf8'),
  )
  rmSync(folder, { recursive: true })
  expect(markdown!.replaceAll(/ +/g, ' ')).toContain(
    '| fast | 20.0 (20.0 to 20.0) | 50.0 (50.0 to 50.0) | **0.400** (0.400 to 0.400) | 0.400 (0.400 to 0.400) | <= 0.5 | met |',
  )
  expect(markdown).toMatch(/\| slow +\|.*\*\*0\.800\*\*.*\| MISSED +\|/)
  expect(markdown).toMatch(/\| hot +\|.*\*\*0\.400\*\*.*\| MISSED +\|/)
  expect(markdown).toMatch(/\| odd +\| not raced: the two sides disagree \|/)
  expect(markdown).toContain('beyond a step 12.0 s (bar <= 10 s, MISSED)')
  expect(markdown).toContain('python3 has no PyTorch to race')
  for (const text of [json!, markdown!]) expect(text).not.toContain('/opt')
  expect(JSON.parse(json!).opponents[0].rows[0].settings.blas).toBe('blis')
})

test('a missed bar and a row that was not raced are failures', () => {
  expect(countFailures(result)).toEqual({ missed: 3, notRun: 1 })
})
