import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { useEngine } from '@mafjs/compile/engine'
import { expect, test } from 'vitest'
import { compareWays } from '../compare'
import { drawnTask } from '../drawn-task'
import { formatTable } from '../format-table'
import { readOptions } from '../options'
import { splitPosts } from '../split-posts'
import { trainSentiment } from '../train-sentiment'

const SETTING = {
  ...{ learningRate: 3e-3, epochs: 14, batchSize: 32, weightDecay: 0.01 },
  ...{ dropoutRate: 0, hidden: 32, matching: 0.3 },
}

test('text and picture together are better than either, and each side learns what it can know', async () => {
  await useEngine({ engine: 'onnx', threads: 1 })
  const task = drawnTask(540, 50)
  const splits = splitPosts(task.groups, { valid: 0.15, test: 0.3 }, 0)
  const ways = await compareWays(task, splits, { settings: [SETTING], seeds: [0] })
  const [most, text, picture, both] = ways.map(({ runs }) => runs[0]!)
  expect(most!.macroF1).toBeCloseTo((2 * most!.accuracy) / (1 + most!.accuracy) / 3, 9)
  expect(text!.accuracy).toBeGreaterThan(0.65) // 0.78 is all that texts tell
  expect(text!.accuracy).toBeLessThan(0.86)
  expect(picture!.accuracy).toBeLessThan(0.55)
  expect(both!.accuracy).toBeGreaterThan(Math.max(text!.accuracy, picture!.accuracy))
  expect(both!.byKind['picture decides']).toBeGreaterThan(text!.byKind['picture decides']! + 0.2)
  expect(formatTable(ways).split('\n')[0]).toMatch(/accuracy +\| macro F1 +\| picture decides/)
}, 30_000)

test('a training is the same with the same seed, and too few posts are refused', async () => {
  await useEngine({ engine: 'onnx', threads: 1 })
  const task = drawnTask(120, 51)
  const splits = splitPosts(task.groups, { valid: 0.2, test: 0.2 }, 0)
  const run = async (seed: number): Promise<number[]> => {
    const trained = await trainSentiment(task, splits, 'both', { ...SETTING, epochs: 4 }, seed)
    const labels = await trained.predict(splits.train)
    await trained.dispose()
    return labels
  }
  const first = await run(1)
  expect(await run(1)).toEqual(first)
  expect(first).toHaveLength(splits.train.length)
  await expect(trainSentiment(task, { ...splits, train: [0, 1] }, 'both', SETTING, 0)).rejects.toThrow(
    /train must have at least 32 posts/,
  )
}, 30_000)

test('the command refuses a wrong line with 2', () => {
  const main = fileURLToPath(new URL('../main.ts', import.meta.url))
  const given = [
    '--import',
    new URL('../../../tools/workspace/from-source.mjs', import.meta.url).href,
    main,
    '--seeds',
    '0',
  ]
  const { status, stderr, stdout } = spawnSync(process.execPath, given, { encoding: 'utf8' })
  expect([status, stdout]).toEqual([2, ''])
  expect(stderr).toContain('--seeds must be a positive whole number')
  expect(() => readOptions(['--data', 'posts'])).toThrow(/--text-encoder must be given with --data/)
  expect(readOptions(['--seeds', '2'])).toMatchObject({ seeds: 2, posts: 1500, epochs: 60 })
}, 30_000)
