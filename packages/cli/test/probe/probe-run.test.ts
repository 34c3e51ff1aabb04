import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { useBackend } from '@mafjs/compile/engine'
import { createDemoCorpus, writeDemoCorpus } from '@mafjs/demo-corpus'
import { evaluateRun } from '@mafjs/ner-maf'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type TinyOptions, writeTinyCheckpoint } from '../../../ner-maf/test/checkpoint/tiny-checkpoint'
import { exchangePicturesWithin } from '../../src/probe/exchange-pictures-within'
import type { ProbeName } from '../../src/probe/probe-report'
import { type ProbeRunOptions, probeRun } from '../../src/probe/probe-run'
import { here } from '../commands/command'

let root: string
let images: string
let foreign: string
const at = (name: string): string => join(root, name)

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'maf-probe-'))
  await useBackend('cpu')
  const corpus = createDemoCorpus({ train: 1, valid: 8, test: 24 })
  ;({ images } = await writeDemoCorpus(at('corpus'), corpus, { size: 16 }))
  const others = createDemoCorpus({ seed: 9, train: 6, valid: 1, test: 1 })
  ;({ images: foreign } = await writeDemoCorpus(at('others'), others, { size: 16 }))
  await writeFile(join(foreign, 'notes.txt'), 'no picture')
})
afterAll(() => rm(root, { recursive: true }))

/** Writes a model and probes it on the demo's test split. */
async function probe(name: string, options: TinyOptions, more: Partial<ProbeRunOptions> = {}) {
  await writeTinyCheckpoint(at(name), { overwrite: true, ...options })
  const { report } = await probeRun({
    ...{ model: at(name), data: at('corpus'), images, rounds: 50, backend: 'cpu', ...more },
  })
  const of = (wanted: ProbeName) => report.probes.find(result => result.probe === wanted)!
  return { report, of }
}

/** Makes the labels depend on the picture alone, or not at all. */
const reading =
  (what: 'picture' | 'text'): NonNullable<TinyOptions['change']> =>
  snapshot => {
    const { values, shape } = snapshot['classifier.weight']!
    const [, width] = shape as [number, number]
    // [labels, 2 * hidden]: the text's states, then those of the picture.
    values.forEach((_, i) => {
      const isText = i % width < width / 2
      if (isText === (what === 'picture')) values[i] = 0
      else values[i] = values[i]! * 30
    })
  }

it('finds that a model which does not look at pictures is the same whatever it is shown', async () => {
  const { report, of } = await probe('blind', { change: reading('text') }, { foreignImages: foreign })
  const f1 = of('true').f1
  for (const result of report.probes.slice(1)) {
    expect(result.f1).toEqual(f1)
    expect(result.against).toMatchObject({ strict: { difference: 0, bootstrap: 1, randomization: 1 } })
  }
  expect(report.probes.map(({ probe }) => probe)).toEqual(['true', 'blank', 'none', 'shuffled', 'foreign'])
})

it('finds what a model that looks at nothing else does with each, and agrees with evaluate', async () => {
  const { report, of } = await probe('seeing', { change: reading('picture') }, { foreignImages: foreign })
  const truth = await evaluateRun({ model: at('seeing'), data: at('corpus'), images, backend: 'cpu' })
  expect(of('true')).toMatchObject({
    f1: { strict: truth.report.strict.micro.f1, lenient: truth.report.lenient.micro.f1 },
    pictures: truth.report.context.pictures,
    against: null,
  })
  const without = await evaluateRun({ model: at('seeing'), data: at('corpus'), backend: 'cpu' })
  expect(of('none').f1.strict).toBe(without.report.strict.micro.f1)
  expect(of('none')).toMatchObject({ pictures: 0, match: null })
  for (const name of ['blank', 'shuffled', 'foreign'] as const) {
    expect(of(name).pictures).toBe(of('true').pictures)
    expect(of(name).match).not.toBe(of('true').match)
  }
  expect(report.auc.shuffled).toBeGreaterThan(0)
  expect(report.auc.shuffled).toBeLessThan(1)
  expect(report.auc.foreign).not.toBe(report.auc.shuffled)
  expect(report.unchanged).toBe(0)
  expect(report.gates!.values).toBe(8 * report.gates!.pieces.count)
})

it('says the same on both engines, gates and all', async () => {
  const tfjs = (await probe('both', {})).report
  const onnx = (await probe('both', {}, { backend: 'auto', engine: 'onnx', threads: 1 })).report
  expect(onnx.probes.map(({ f1 }) => f1)).toEqual(tfjs.probes.map(({ f1 }) => f1))
  expect(onnx.gates!.mean).toBeCloseTo(tfjs.gates!.mean, 5)
  expect(onnx.gates!.pieces.count).toBe(tfjs.gates!.pieces.count)
  expect(onnx.auc.shuffled).toBeCloseTo(tfjs.auc.shuffled!, 5)
  expect(onnx.context).toEqual(tfjs.context)
})

it('leaves posts that keep their picture out of the AUC, which is that of the posts as they were exchanged', async () => {
  await writeTinyCheckpoint(at('few'))
  const [x, y] = (await readdir(images)).sort()
  const own = [x, x, x, y, undefined]
  const { files } = exchangePicturesWithin(own, 37)
  const write = async (name: string, pictures: readonly (string | undefined)[]): Promise<string> => {
    const words = ['kevin', 'paris', 'loves', 'anna', 'rome']
    const posts = words.map((word, i) => ({
      tokens: [word, 'in'],
      labels: ['B-PER', 'O'],
      image: pictures[i],
    }))
    await writeFile(at(name), posts.map(post => JSON.stringify(post)).join('\n'))
    return at(name)
  }
  const matchesOf = async (data: string) => {
    const { predictions } = await evaluateRun({ model: at('few'), data, images, backend: 'cpu' })
    return predictions.map(({ match }) => match)
  }
  const data = await write('own.jsonl', own)
  const matched = (await matchesOf(data)).slice(0, 4) as number[]
  const exchanged = await matchesOf(await write('exchanged.jsonl', files))
  const foreign = exchanged.filter((_, i) => files[i] !== own[i]) as number[]
  expect(foreign.length).toBe(2)
  const wins = matched.flatMap(one => foreign.map(other => (one > other ? 1 : one === other ? 0.5 : 0)))
  const { report } = await probeRun({ model: at('few'), data, images, rounds: 5, backend: 'cpu' })
  expect(report.unchanged).toBe(2)
  expect(report.auc.shuffled).toBeCloseTo(wins.reduce<number>((sum, win) => sum + win, 0) / wins.length, 12)
  expect(report.auc.foreign).toBeNull()
})

it('knows models without matching and without a gate', async () => {
  const { report, of } = await probe('bare', { without: ['matching', 'gate'] }, { split: 'valid' })
  expect(report).toMatchObject({ auc: { shuffled: null, foreign: null }, gates: null })
  expect(of('true').match).toBeNull()
  expect(report.notes).toEqual(['The model has no matching module.', 'Its fusion has no gate.'])
})

it('the command line: a table, the same as JSON in a folder, and refusals', async () => {
  await writeTinyCheckpoint(at('model'))
  await writeTinyCheckpoint(at('text-only'), { pictures: false })
  const run = (model: string, ...args: string[]) =>
    here(
      ...['probe', '--model', at(model), '--data', at('corpus'), '--backend', 'cpu', '--rounds', '20'],
      ...args,
    )
  const { code, stdout, stderr } = await run('model', '--images', images, '--out', at('report'))
  expect(code).toBe(0)
  expect(stderr).toBe('Engine: tfjs, backend cpu\n')
  expect(stdout).toMatch(/^\| own picture +\|.*\n\| a picture of the mean colour +\|.*\n\| no picture +\|/m)
  expect(stdout).toMatch(/^\| 0\.9 to 1\.0 \| +\d+\.\d\d % \|/m)
  expect(`${stdout}`).toBe(await readFile(at('report/report.md'), 'utf8'))
  const json = await run('model', '--images', images, '--json')
  expect(JSON.parse(json.stdout)).toEqual(JSON.parse(await readFile(at('report/report.json'), 'utf8')))
  const refused = [
    await run('text-only', '--images', images),
    await run('model', '--images', root),
    await run('model', '--images', images, '--foreign-images', root),
  ]
  expect(refused.map(({ stderr }) => stderr.split('. ')[0])).toEqual([
    expect.stringMatching(/model must read pictures/),
    expect.stringMatching(/images must hold a picture of at least one post/),
    expect.stringMatching(/--foreign-images must be a folder with pictures/),
  ])
})
