import { appendFile, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { useBackend } from '@mafjs/compile/engine'
import { readEvaluation } from '@mafjs/data'
import { compareRuns } from '@mafjs/evaluate/evaluations'
import { beforeAll, expect, it } from 'vitest'
import { writeTask } from '../../../ner-maf/test/train/run-files'
import { compareRun } from '../../src/compare/compare-run'
import { evaluationOf, type TrainSeedsOptions, trainSeeds } from '../../src/seeds/train-seeds'
import { here } from '../commands/command'

beforeAll(() => useBackend('wasm'))

const QUICK = {
  randomTextEncoder: true,
  epochs: 2,
  batchSize: 8,
  learningRate: 3e-2,
  maxLength: 64,
  backend: 'wasm',
  seed: 4,
} as const

/** Trains and tells which seeds it took. */
async function train(options: TrainSeedsOptions) {
  const trained: number[] = []
  const summary = await trainSeeds({ ...options, onSeed: seed => trained.push(seed) })
  return { summary, trained }
}

it('trains with several seeds, goes on where it stopped, and two such folders can be compared', async () => {
  const { folder, data, textEncoder } = await writeTask({ train: 32, valid: 4, test: 16 })
  const options = { ...QUICK, data, textEncoder }
  const out = join(folder, 'a')
  const first = await train({ ...options, out, seeds: 2 })
  expect(first.trained).toEqual([4, 5])
  const { runs } = first.summary
  const scores = runs.map(run => run.scores['test strict']!)
  const spread = first.summary.scores['test strict']!
  const mean = (scores[0]! + scores[1]!) / 2
  expect(spread.mean).toBeCloseTo(mean, 12)
  expect(spread.deviation).toBeCloseTo(Math.abs(scores[0]! - scores[1]!) / Math.SQRT2, 12)
  expect(new Set(runs.map(({ digest }) => digest)).size).toBe(2)
  const evaluations = await Promise.all(runs.map(run => readEvaluation(join(out, evaluationOf(run.seed)))))
  expect(evaluations.map(({ evaluation }) => [evaluation.context.seed, evaluation.strict.micro.f1])).toEqual([
    [4, scores[0]],
    [5, scores[1]],
  ])
  expect(JSON.parse(await readFile(join(out, 'summary.json'), 'utf8'))).toEqual(
    JSON.parse(JSON.stringify(first.summary)),
  )
  expect(await readFile(join(out, 'summary.md'), 'utf8')).toMatch(/^\| mean ± deviation /m)

  // One more seed, and one whose weights are no longer those that were scored.
  await appendFile(join(out, 'seed-4/model.safetensors'), 'x')
  const more = await train({ ...options, out, seeds: 3, threads: undefined })
  expect(more.trained).toEqual([4, 6])
  expect(more.summary.runs.map(({ seed }) => seed)).toEqual([4, 5, 6])
  expect(more.summary.runs.slice(0, 2).map(({ digest, scores }) => [digest, scores])).toEqual(
    runs.map(({ digest, scores }) => [digest, scores]),
  )
  expect((await train({ ...options, out, seeds: 3 })).trained).toEqual([])
  const fewer = await train({ ...options, out, seeds: 1 })
  expect([fewer.trained, fewer.summary]).toEqual([[], more.summary])
  await expect(train({ ...options, out, seeds: 3, epochs: 3 })).rejects.toThrow(
    'epochs must be what the run began with where it is resumed: 2. Received: 3.',
  )

  const other = join(folder, 'b')
  await train({ ...options, out: other, seeds: 2, learningRate: 1e-4 })
  await expect(compareRun({ a: out, b: other })).rejects.toThrow(/must have as many runs/)
  await train({ ...options, out: other, seeds: 3, learningRate: 1e-4 })
  const comparison = await compareRun({ a: out, b: other, rounds: 200 })
  expect(comparison.seeds!.strict).toMatchObject({ splits: 20, floor: 2 / 20, exact: true })
  expect(comparison.seeds!.strict.a.mean).toBeCloseTo(more.summary.scores['test strict']!.mean, 12)
  expect(comparison.a.seeds).toEqual([4, 5, 6])
  // The counts of three seeds together are those of the micro average over all their sentences.
  const all = await Promise.all([4, 5, 6].map(seed => readEvaluation(join(out, `evaluation/seed-${seed}`))))
  const sum = (field: 'correct' | 'predicted' | 'support') =>
    all.reduce((total, { evaluation }) => total + evaluation.strict.micro[field], 0)
  expect(comparison.strict.f1.a).toBeCloseTo((2 * sum('correct')) / (sum('predicted') + sum('support')), 12)

  await rm(join(other, 'evaluation/seed-6'), { recursive: true })
  const unfinished = JSON.parse(await readFile(join(other, 'summary.json'), 'utf8'))
  unfinished.runs.pop()
  await writeFile(join(other, 'summary.json'), JSON.stringify(unfinished))
  await expect(compareRun({ a: out, b: other })).rejects.toThrow(/a run for every seed. Received: none for 6/)
  expect((await train({ ...options, out: other, seeds: 3, overwrite: true })).trained).toEqual([4, 5, 6])
  await expect(train({ ...options, out: folder, seeds: 2, overwrite: true })).rejects.toThrow(
    'out must be new',
  )
})

it('the command line: --seeds, and compare of what it wrote', async () => {
  const { folder, data, textEncoder } = await writeTask({ train: 24, valid: 4, test: 8 })
  const seeds = (out: string, ...args: string[]) =>
    here(
      ...['train', '--data', data, '--text-encoder', textEncoder, '--random-text-encoder', '--seeds', '2'],
      ...['--epochs', '1', '--max-length', '64', '--backend', 'wasm', '--out', join(folder, out), ...args],
    )
  const { code, stdout, stderr } = await seeds('a')
  expect(code).toBe(0)
  expect(stderr).toMatch(/^seed 37\n(.*\n)*seed 38 done: F1 /m)
  expect(stdout).toMatch(/^# 2 of 2 seeds\n/)
  expect((await seeds('a')).stderr).toMatch(/^seed 37 was done before: .*\nseed 38 was done before: .*\n$/)
  await seeds('b', '--batch-size', '8')
  const compare = (...args: string[]) => here('compare', '--a', join(folder, 'a'), ...args, '--rounds', '50')
  const shown = await compare('--b', join(folder, 'b'), '--out', join(folder, 'c'))
  expect(shown.stdout).toMatch(/\| strict +\|.*\n\| lenient +\|/)
  expect(shown.stdout).toContain('All 6 ways of dealing the runs out; the smallest p they can give is 0.333.')
  const written = JSON.parse(await readFile(join(folder, 'c/report.json'), 'utf8'))
  expect(JSON.parse((await compare('--b', join(folder, 'b'), '--json')).stdout)).toEqual(written)

  const scored = await here(
    ...['evaluate', '--model', join(folder, 'a/seed-37'), '--data', data, '--split', 'valid'],
    ...['--backend', 'wasm', '--out', join(folder, 'valid')],
  )
  expect(scored.code).toBe(0)
  const wrong = await here(
    ...['compare', '--a', join(folder, 'a/evaluation/seed-37'), '--b', join(folder, 'valid')],
  )
  expect(wrong.code).toBe(1)
  expect(wrong.stderr).toMatch(
    /^InvalidArgumentError: \S+valid must be scored on the same words and labels as .*\(4 sentences, valid of .*\(8 sentences, test of .*the first sentence that differs is number 1\./,
  )
})

it('two equal runs do not differ, and a hand-made difference is counted', async () => {
  const { folder, data, textEncoder } = await writeTask({ train: 24, valid: 4, test: 8 })
  const { summary } = await train({ ...QUICK, data, textEncoder, out: join(folder, 'a'), seeds: 1 })
  const run = await readEvaluation(join(folder, 'a', evaluationOf(summary.runs[0]!.seed)))
  const same = compareRuns({ a: { name: 'a', runs: [run] }, b: { name: 'b', runs: [run] } }, { rounds: 20 })
  expect(same.strict).toMatchObject({ difference: 0, interval: [0, 0], bootstrap: 1, randomization: 1 })
  expect(same.seeds).toBeNull()
  const perfect = {
    ...run,
    predictions: run.predictions.map(prediction => ({ ...prediction, predicted: prediction.gold })),
  }
  const pair = { a: { name: 'a', runs: [run] }, b: { name: 'b', runs: [perfect] } }
  const { strict } = compareRuns(pair, { rounds: 400 })
  expect(strict.f1).toEqual({ a: run.evaluation.strict.micro.f1, b: 1 })
  expect(strict.randomization).toBeLessThan(0.1)
})
