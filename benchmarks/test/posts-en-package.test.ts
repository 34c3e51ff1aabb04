import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { evaluateRun, loadMaf, trainRun } from '@mafjs/ner-maf'
import { digestOf } from '@mafjs/tensor/files'
import { afterAll, describe, expect, it, onTestFinished } from 'vitest'
import { formatCard, readOpponents } from '../posts-en/card'
import type { ModelRecord } from '../posts-en/measure'
import { answerSentences, isRight, SENTENCES } from '../posts-en/sentences'
import { writePosts } from '../posts-en/write-posts'

const NAME = '@mafjs/model-posts-en'
const root = fileURLToPath(new URL('../..', import.meta.url))
const place = join(root, 'models/posts-en')
const results = join(root, 'benchmarks/results')
const record: ModelRecord = JSON.parse(await readFile(join(results, 'posts-en-model.json'), 'utf8'))

const maf = await loadMaf(NAME, { engine: 'onnx', threads: 1 })
afterAll(() => maf.dispose())

describe(NAME, () => {
  it('is what was measured, with a card of those figures, in a package of at most 26 MB', async () => {
    expect(digestOf(await readFile(join(place, 'model/model.onnx')))).toBe(record.model.sha256)
    const card = formatCard({ record, opponents: await readOpponents(results) })
    expect(await readFile(join(place, 'README.md'), 'utf8')).toBe(card)
    const { stdout } = await promisify(execFile)('npm', ['pack', '--dry-run', '--json'], { cwd: place })
    const [{ files, unpackedSize }] = JSON.parse(stdout)
    expect(unpackedSize).toBeLessThanOrEqual(26e6)
    expect(files.map(({ path }: { path: string }) => path).sort()).toEqual(
      [
        'LICENSE',
        'NOTICE',
        'README.md',
        'model/config.json',
        'model/model.onnx',
        'model/tokenizer.json',
        'package.json',
      ].sort(),
    )
  })

  it('finds in our own sentences what the card says', async () => {
    const before = record.sentences
    const now = await answerSentences(maf)
    expect(now).toHaveLength((await readFile(SENTENCES, 'utf8')).trimEnd().split('\n').length)
    expect(now.map(({ text }) => text)).toEqual(before.map(({ text }) => text))
    // Processors round otherwise: a sentence on the brink may fall to either side.
    const others = now.filter(({ found }, at) => JSON.stringify(found) !== JSON.stringify(before[at]!.found))
    expect(others.length).toBeLessThanOrEqual(0.03 * now.length)
    expect(now.filter(isRight).length).toBeGreaterThan(0.5 * now.length)
  }, 60_000)

  it('answers as the README shows', async () => {
    const readme = await readFile(join(root, 'README.md'), 'utf8')
    const [, text, shown] = /predict --text "([^"]+)"\n```\n\n```text\n(.*?)```/s.exec(readme)!
    const lines = shown!.trim().split('\n').slice(1, -1)
    const { entities } = await maf.annotate({ text: text! })
    expect(entities.map(({ type, text: name, start, end }) => `${type} ${name} [${start}, ${end})`)).toEqual(
      lines.map(line =>
        line
          .trim()
          .replace(/\s+/g, ' ')
          .replace(/ [\d.]+$/, ''),
      ),
    )
    for (const [at, { score }] of entities.entries()) {
      expect(score).toBeCloseTo(Number(lines[at]!.trim().split(' ').at(-1)), 1)
    }
    expect(shown).toContain(text)
  })

  it('can be started from, without any other encoder', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'maf-warm-'))
    onTestFinished(() => rm(folder, { recursive: true }))
    const data = join(folder, 'posts.jsonl')
    const lines = (await readFile(SENTENCES, 'utf8')).split('\n').slice(0, 16)
    await writeFile(data, lines.join('\n'))
    const losses: number[] = []
    await trainRun({
      ...{ init: NAME, data, out: join(folder, 'model'), epochs: 1, batchSize: 16, threads: 1 },
      ...{ engine: 'onnx', learningRate: 1e-6 },
      onEvent: event => {
        if (event.type === 'step') losses.push(event.losses['tagging']!)
      },
    })
    // Labels drawn by lot would cost the logarithm of nine for each of some fifteen words.
    expect(losses[0]).toBeLessThan(10)
  }, 120_000)

  const data = join(root, '../shared/data/open-ner')
  it.skipIf(!existsSync(data))(
    'scores on a test split what the card says',
    async () => {
      const out = await mkdtemp(join(tmpdir(), 'maf-posts-'))
      onTestFinished(() => rm(out, { recursive: true }))
      await writePosts({ data, out, handles: 'unlabelled' })
      const { report } = await evaluateRun({
        model: NAME,
        data: join(out, 'wikigold/test.jsonl'),
        threads: 1,
      })
      const { strict } = record.int8.find(({ set }) => set === 'wikigold')!
      expect(Math.abs(report.strict.micro.f1 - strict.micro.f1)).toBeLessThan(0.003)
    },
    120_000,
  )
  if (!existsSync(data))
    console.warn('SKIPPED: the card of the model against ../shared/data/open-ner, which is not here.')
})
