import { appendFile, mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { useEngine } from '@mafjs/compile/engine'
import { expect, it } from 'vitest'
import { type FitSeedsOptions, fit, fitSeeds, InterruptedError, openRun, readSeeds } from '../src'
import { contents } from './contents'
import { type Row, rowsOf, SETTINGS, tinyTask } from './tiny-task'

const ENGINE = useEngine({ backend: 'cpu' })
const [train, valid, test] = [rowsOf(40), rowsOf(60).slice(40), rowsOf(90).slice(60)]
const make = (seed: number) => tinyTask({ seed })

const newFolder = async (): Promise<string> => join(await mkdtemp(join(tmpdir(), 'maf-seeds-')), 'seeds')

async function task(more: Partial<FitSeedsOptions<Row, { score: number }>> = {}) {
  const seeds: [number, 'begun' | 'done' | 'before'][] = []
  const options = {
    ...{ engine: await ENGINE, train, valid, test, settings: SETTINGS, seeds: 3, folder: await newFolder() },
    onSeed: (seed: number) => void seeds.push([seed, 'begun']),
    onSeedDone: ({ seed }: { seed: number }, before: boolean) =>
      void seeds.push([seed, before ? 'before' : 'done']),
    ...more,
  }
  return { options, seeds }
}

it('every seed is what `fit` gives with it alone; stopped in the second, it goes on to the same bytes', async () => {
  const { options, seeds } = await task()
  const summary = await fitSeeds(make, options)
  const singles = []
  for (const seed of [3, 4, 5]) {
    const folder = await newFolder()
    const { engine } = options
    const settings = { ...SETTINGS, seed }
    const run = await openRun(folder)
    singles.push(await fit(make(seed), { engine, train, valid, test, settings, run }))
    expect(await contents(join(options.folder, `seed-${seed}`))).toEqual(await contents(folder))
  }
  for (const [name, of] of [
    ['valid', 'validation'],
    ['test', 'test'],
  ] as const) {
    const [a, b, c] = singles.map(result => result[of]!.score) as [number, number, number]
    const { mean, deviation } = summary.scores[name]!
    expect(mean).toBeCloseTo((a + b + c) / 3, 12)
    // Of three, the sum of the squared differences of all pairs is three times that to the mean.
    const pairs = (a - b) ** 2 + (b - c) ** 2 + (c - a) ** 2
    expect(deviation).toBeCloseTo(Math.sqrt(pairs / 6), 12)
    expect(deviation).toBeGreaterThan(0)
    expect(await readFile(join(options.folder, 'summary.md'), 'utf8')).toContain(
      `${Number(mean.toPrecision(4))} ±${Number(deviation!.toPrecision(4))} |`,
    )
  }
  expect(await readSeeds(options.folder)).toEqual(summary)
  expect(seeds.map(([seed]) => seed)).toEqual([3, 3, 4, 4, 5, 5])

  const controller = new AbortController()
  const stopped = await task({
    signal: controller.signal,
    onEvent: event =>
      stopped.seeds.length === 3 && event.type === 'step' && event.step === 7 && controller.abort(),
  })
  await expect(fitSeeds(make, stopped.options)).rejects.toBeInstanceOf(InterruptedError)
  const again = await task({ folder: stopped.options.folder })
  expect(await fitSeeds(make, again.options)).toEqual(summary)
  expect(again.seeds.map(one => one.join(' '))).toEqual([
    '3 before',
    ...['4 begun', '4 done', '5 begun', '5 done'],
  ])
  expect(await contents(again.options.folder)).toEqual(await contents(options.folder))
})

it('what was damaged is done anew; fewer seeds lose none, others are added', async () => {
  const settings = { ...SETTINGS, epochs: 1 }
  const { options } = await task({ settings, seeds: [7, 9] })
  const first = await fitSeeds(make, options)
  const before = await contents(options.folder)
  await appendFile(join(options.folder, 'seed-9', 'model.safetensors'), 'x')
  const more = await task({ settings, seeds: [9], folder: options.folder })
  expect(await fitSeeds(make, more.options)).toEqual(first)
  expect(more.seeds.map(one => one.join(' '))).toEqual(['9 begun', '9 done'])
  expect(await contents(options.folder)).toEqual(before)
  const other = await task({ settings, seeds: [8, 7], folder: options.folder })
  const { seeds, runs } = await fitSeeds(make, other.options)
  expect([seeds, runs.map(({ seed }) => seed)]).toEqual([
    [7, 8, 9],
    [7, 8, 9],
  ])
  const anew = await task({ settings, seeds: [7], folder: options.folder, overwrite: true })
  expect((await fitSeeds(make, anew.options)).seeds).toEqual([7])
  expect(anew.seeds[0]).toEqual([7, 'begun'])
})

it.each<[string, Partial<FitSeedsOptions<Row, { score: number }>>, string]>([
  ['no seeds', { seeds: 0 }, 'seeds must be'],
  ['half a seed', { seeds: 1.5 }, 'seeds must be'],
  ['a seed that is none', { seeds: [-1] }, 'seed must be a whole number'],
  ['a setting out of range', { settings: { epochs: 0 } }, 'epochs must be'],
  ['nothing to score', { valid: undefined, test: undefined }, 'valid must be given'],
  ['no rows', { train: [] }, 'train must hold at least one row'],
  ['a group of nothing', { settings: { groups: [{ parameters: 'tail', frozen: true }] } }, 'groups[0]'],
])('refuses %s before its first step, and leaves nothing behind', async (_, more, message) => {
  const { options } = await task(more)
  await expect(fitSeeds(make, options)).rejects.toThrow(message)
  expect(await readdir(join(options.folder, '..'))).toEqual([])
})

it('refuses a folder of something else, and one begun otherwise', async () => {
  const settings = { ...SETTINGS, epochs: 1 }
  const { options } = await task({ settings, seeds: 1 })
  const refused = async (more: Partial<typeof options>, message: string) => {
    const before = await contents(options.folder)
    await expect(fitSeeds(make, { ...options, ...more })).rejects.toThrow(message)
    expect(await contents(options.folder)).toEqual(before)
  }
  await fitSeeds(make, options)
  await refused({ settings: { ...settings, epochs: 2 } }, 'epochs must be what the run began with')
  await refused({ train: train.slice(1) }, 'data, train must be what the run began with')
  const foreign = join(options.folder, '..')
  await expect(fitSeeds(make, { ...options, folder: foreign, overwrite: true })).rejects.toThrow(
    'folder must be new',
  )
  await writeFile(join(options.folder, 'summary.json'), '{"kind": "seeds"}')
  await refused({}, 'summary.json must have a whole "record"')
})
