import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { useBackend } from '@mafjs/compile/engine'
import { readEvaluation } from '@mafjs/data'
import { createDemoCorpus, writeDemoCorpus } from '@mafjs/demo-corpus'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { writeTinyCheckpoint } from '../../../ner-maf/test/checkpoint/tiny-checkpoint'
import { folderWith } from '../../../ner-maf/test/data/files'
import { here } from './command'

let root: string
let corpus: string
const evaluate = (model: string, data: string, ...args: string[]) =>
  here('evaluate', '--model', join(root, model), '--data', data, '--backend', 'cpu', ...args)

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'maf-cli-'))
  await useBackend('cpu')
  await writeTinyCheckpoint(join(root, 'model'))
  await writeTinyCheckpoint(join(root, 'text-only'), { pictures: false })
  corpus = join(root, 'corpus')
  await writeDemoCorpus(corpus, createDemoCorpus({ train: 4, valid: 12, test: 24 }), { size: 16 })
})
afterAll(() => rm(root, { recursive: true }))

test('a corpus with its pictures: both rules for a person, and as JSON', async () => {
  const images = ['--images', join(corpus, 'images')]
  const shown = await evaluate('model', corpus, ...images)
  expect(shown.code).toBe(0)
  expect(shown.stdout).toMatch(/strict/i)
  expect(shown.stdout).toMatch(/lenient/i)
  expect(shown.stdout).toMatch(/\bPER\b.*\bmicro\b/s)
  expect(shown.stderr).toMatch(
    /^Entities of types that the model does not know count as missed: .*MISC \(\d+\)/m,
  )
  expect(shown.stderr).toMatch(/^\d+ posts are longer than the model reads/m)
  const json = await evaluate('model', corpus, ...images, '--json', '--split', 'valid')
  const report = JSON.parse(json.stdout)
  expect(report.strict.micro.f1).toBeTypeOf('number')
  expect(report.lenient.micro.f1).toBeTypeOf('number')
})

test('a folder with the report, a table and the predictions; no word of the posts unless asked for', async () => {
  const out = join(root, 'evaluation')
  const args = ['--images', join(corpus, 'images'), '--out', out]
  const first = await evaluate('model', corpus, ...args, '--json')
  expect((await readdir(out)).sort()).toEqual(['predictions.jsonl', 'report.json', 'report.md'])
  const report = JSON.parse(await readFile(join(out, 'report.json'), 'utf8'))
  expect(report).toEqual(JSON.parse(first.stdout))
  expect(report.context).toMatchObject({ split: 'test', sentences: 24, seed: 1, data: corpus })
  expect(report.context.encoders).toMatchObject({ text: { kind: 'bert' }, image: { kind: 'patches' } })
  const { counts } = report.errors
  const { support, predicted, correct } = report.strict.micro
  const paired = counts.correct + counts.type + counts.boundary + counts.boundaryAndType
  expect([counts.correct, paired + counts.missed, paired + counts.spurious]).toEqual([
    correct,
    support,
    predicted,
  ])
  expect(report.seen.seen.gold + report.seen.unseen.gold).toBe(support)
  const table = await readFile(join(out, 'report.md'), 'utf8')
  expect(table).toContain(`| data fingerprint | ${report.context.dataFingerprint} `)
  expect(table).toMatch(/^\| seed {13}\| 1 /m)
  const { evaluation, predictions } = await readEvaluation(out)
  expect([evaluation, predictions.length]).toEqual([report, 24])
  expect(Object.keys(predictions[0]!)).not.toContain('words')

  const again = await evaluate('model', corpus, ...args)
  expect([again.code, again.stdout]).toEqual([1, ''])
  expect(again.stderr).toMatch(/^InvalidArgumentError: --out must not exist yet/)
  const wrong = await evaluate('model', corpus, '--out', join(root, 'model'), '--overwrite')
  expect(wrong.stderr).toMatch(
    /^InvalidArgumentError: --overwrite replaces only a folder with a report\.json/,
  )
  const replaced = await evaluate(
    'model',
    corpus,
    ...args,
    '--overwrite',
    '--words',
    '--train',
    join(corpus, 'test.txt'),
  )
  expect(replaced.code).toBe(0)
  expect(replaced.stdout).toMatch(/no entity: unseen +\| +0 /)
  const { predictions: withWords } = await readEvaluation(out)
  expect(withWords[0]!.words).toHaveLength(withWords[0]!.length)

  const lines = (await readFile(join(out, 'predictions.jsonl'), 'utf8')).split('\n').slice(1)
  await writeFile(join(out, 'predictions.jsonl'), lines.join('\n'))
  await expect(readEvaluation(out)).rejects.toThrow(/must hold predictions\.jsonl of its report\.json/)
})

test('the engines give one report, and each is named', async () => {
  const args = ['--data', corpus, '--images', join(corpus, 'images'), '--json', '--batch-size', '5']
  const on = (...engine: string[]) => here('evaluate', '--model', join(root, 'model'), ...args, ...engine)
  const onnx = await on('--engine', 'onnx', '--threads', '1')
  const tfjs = await on('--engine', 'tfjs', '--backend', 'cpu')
  expect(onnx.code).toBe(0)
  expect(JSON.parse(onnx.stdout).strict.micro.predicted).toBeGreaterThan(5)
  expect(onnx.stdout).toBe(tfjs.stdout)
  expect(onnx.stderr).toMatch(/^Engine: onnx, 1 thread\n/)
  expect(tfjs.stderr).toMatch(/^Engine: tfjs, backend cpu\n/)
})

test('what of the pictures is not used is said', async () => {
  const without = await evaluate('model', corpus)
  expect(without.code).toBe(0)
  expect(without.stderr).toContain('The model reads pictures, but no images folder was given')
  const textOnly = await evaluate('text-only', corpus, '--images', join(corpus, 'images'))
  expect(textOnly.code).toBe(0)
  expect(textOnly.stderr).toContain('The model is text only: the pictures are not used.')
})

test('broken and missing pictures are counted, or stop with --strict', async () => {
  const folder = await folderWith({
    'test.jsonl':
      '{"tokens": ["kevin"], "labels": ["B-PER"], "image": "a.png"}\n' +
      '{"tokens": ["paris"], "labels": ["B-LOC"], "image": "none.png"}\n',
    'a.png': 'no picture',
  })
  const counted = await evaluate('model', folder, '--images', folder)
  expect(counted.code).toBe(0)
  expect(counted.stderr).toMatch(
    /^1 broken picture, whose posts count as posts without one:\n {2}a\.png: its content is of no known format/m,
  )
  expect(counted.stderr).toMatch(/^test: 1 picture not in the images folder: none\.png/m)
  const strict = await evaluate('model', folder, '--images', folder, '--strict')
  expect(strict.code).toBe(1)
  expect(strict.stderr).toMatch(/^InvalidArgumentError: .*none\.png[^\n]*\n$/)
})

test('one file of any name is the split that is meant', async () => {
  const folder = await folderWith({ 'posts.ndjson': '{"tokens": ["kevin"], "labels": ["B-PER"]}\n' })
  const { code, stderr } = await evaluate('text-only', join(folder, 'posts.ndjson'))
  expect(stderr).toBe('Engine: tfjs, backend cpu\nposts: 1 post, 1 without a picture\n')
  expect(code).toBe(0)
})

test("texts are split as the model's own texts are", async () => {
  // Three words for the tweet splitter, two between white space.
  const folder = await folderWith({
    'test.jsonl': '{"text": "kevin paris!", "entities": [{"type": "PER", "start": 0, "end": 5}]}\n',
  })
  await writeTinyCheckpoint(join(root, 'white'), { pictures: false, splitter: 'whitespace' })
  const tweet = await evaluate('text-only', folder, '--json')
  const white = await evaluate('white', folder, '--json')
  const words = ({ stdout }: { stdout: string }) => JSON.parse(stdout).tokens
  expect([words(tweet), words(white)]).toEqual([3, 2])
})

test.each([
  [
    'a split that is missing',
    { 'train.txt': 'a\tO\n' },
    ['--split', 'valid'],
    /must hold valid or val or dev or validation as a file of posts/,
  ],
  ['an empty split', { 'test.txt': '\n\n' }, [], /test\.txt must hold at least one post/],
  [
    'a post without labels',
    { 'test.jsonl': '{"tokens": ["a"], "labels": ["O"]}\n{"tokens": ["a"]}\n' },
    [],
    /test\.jsonl:2 must have labels/,
  ],
  ['a ragged line', { 'test.txt': 'a\tO\nb\n' }, [], /test\.txt:2 /],
  ['a label outside the scheme', { 'test.txt': 'a\tO\nb\tQ-PER\n' }, [], /test\.txt:2 .*Q-PER/],
  [
    'a step out of the images',
    { 'test.txt': 'IMGID:../../x\na\tO\n' },
    [],
    /test\.txt:1 must name a picture inside/,
  ],
])('%s: file, line and what to do', async (_, files: Record<string, string>, args, message) => {
  const { code, stdout, stderr } = await evaluate('text-only', await folderWith(files), ...args)
  expect(stderr).toMatch(message)
  expect(stderr).toMatch(/^InvalidArgumentError: [^\n]+\n$/)
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
})

test('a model that is none', async () => {
  await writeFile(join(root, 'corpus/config.json'), '{"model_type": "bert"}')
  const { code, stderr } = await evaluate('corpus', corpus)
  expect(stderr).toMatch(/^InvalidArgumentError: .*config\.json must be of a MAF checkpoint[^\n]+\n$/)
  expect(code).toBe(1)
})

/** What a page carries. */
const dataOf = async (path: string) =>
  JSON.parse(
    /<script type="application\/json" id="data">(.*?)<\/script>/s.exec(await readFile(path, 'utf8'))![1]!,
  )

test('the errors as a page: those of the report, as many as asked for, and why; with pictures and without', async () => {
  const page = join(root, 'new/errors.html')
  const args = ['--images', join(corpus, 'images'), '--json']
  const all = await evaluate('model', corpus, ...args, '--explain', page)
  expect(all.stderr).toMatch(
    /^Errors written to .*new\/errors\.html \(\d+ kB\): 24 of 24 posts with an error$/m,
  )
  const { gallery, pictures } = await dataOf(page)
  const { errors, sentences } = JSON.parse(all.stdout)
  expect([gallery.scored, gallery.wrong]).toEqual([sentences, 24])
  const counts: Record<string, number> = {
    correct: 0,
    type: 0,
    boundary: 0,
    boundaryAndType: 0,
    missed: 0,
    spurious: 0,
  }
  for (const post of gallery.posts) {
    for (const { class: kind, gold, predicted } of post.matches) {
      counts[kind]! += 1
      // Places are those of the text; what was predicted is what the explanation says, with its score.
      const { text, entities } = post.explanation
      for (const one of [gold, predicted]) if (one) expect(text.slice(one.start, one.end)).toBe(one.text)
      if (predicted) expect(entities).toContainEqual(predicted)
    }
  }
  expect(counts).toEqual(errors.counts)
  expect(gallery.classes.map(({ name, count }: { name: string; count: number }) => [name, count])).toEqual(
    Object.entries(errors.counts).filter(([name]) => name !== 'correct'),
  )
  expect(pictures.map((list: string[]) => list.length)).toEqual(
    gallery.posts.map(
      ({ explanation }: { explanation: { pictures: unknown[] } }) => explanation.pictures.length,
    ),
  )
  expect(pictures.flat().every((address: string) => address.startsWith('data:image/webp'))).toBe(true)
  expect(await readFile(page, 'utf8')).not.toContain(root)

  // Replaced when asked for, beside the folder of the report; a model of text alone too.
  const out = join(root, 'beside')
  const inside = join(out, 'errors.html')
  const few = ['--out', out, '--explain', inside, '--explain-most', '2', '--overwrite']
  for (const model of ['text-only', 'model']) {
    const { code, stderr } = await evaluate(model, corpus, ...few)
    expect([code, stderr]).toEqual([0, expect.stringMatching(/: 2 of \d+ posts with an error$/m)])
  }
  expect((await dataOf(inside)).pictures).toEqual([[], []])
  expect((await readdir(out)).sort()).toEqual([
    ...['errors.html', 'predictions.jsonl', 'report.json', 'report.md'],
  ])
})

test.each([
  [['--explain', 'errors.htm'], /--explain must be the name of an \.html file\. Received: errors\.htm\./],
  [['--explain-most', '5'], /--explain-most must be left out where no page of errors is written/],
  [['--explain', 'errors.html', '--explain-most', '0'], /--explain-most.*a number from 1/],
])('%j: one clear line, before anything is computed', async (args, message) => {
  const { code, stderr, stdout } = await evaluate('no-such-model', corpus, ...args)
  expect([code === 0, stdout]).toEqual([false, ''])
  expect(stderr).toMatch(message)
})
