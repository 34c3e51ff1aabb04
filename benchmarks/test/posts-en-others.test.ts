import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { readExamples, splitWords } from '@mafjs/data'
import { extractSpans } from '@mafjs/evaluate'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { handleGroups, inventHandle, scoreHandles } from '../posts-en/handles'
import { scoreTaggedSets, taggedLine } from '../posts-en/score-tagged'
import { SOURCES, TYPES } from '../posts-en/sources'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'maf-posts-en-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const file = async (path: string, ...lines: unknown[]) => {
  await mkdir(dirname(join(folder, path)), { recursive: true })
  await writeFile(join(folder, path), lines.map(line => `${JSON.stringify(line)}\n`).join(''))
}

describe('labels of other programs', () => {
  it('count neither way where nothing was labelled, and elsewhere as ours', async () => {
    const post = {
      tokens: ['@ada', 'drove', 'Ada', 'in', 'a', 'Saab'],
      labels: ['O', 'O', 'B-PER', 'O', 'O', 'O'],
    }
    const partly = { ...post, labelledTypes: ['PER', 'LOC', 'ORG'], unlabelledTokens: [0] }
    for (const [i, { name }] of SOURCES.entries()) {
      await file(`posts/${name}/test.jsonl`, i === 0 ? partly : post)
      await file(`labels/${name}/test.jsonl`, ['B-PER', 'O', 'B-PER', 'O', 'O', 'B-MISC'])
    }
    const scores = await scoreTaggedSets({ posts: join(folder, 'posts'), labels: join(folder, 'labels') })
    const counts = SOURCES.map(({ name }) => scores[name]!.strict.micro).map(
      ({ predicted, correct, support }) => [predicted, correct, support],
    )
    expect(counts).toEqual([
      [1, 1, 1],
      [3, 1, 1],
      [3, 1, 1],
      [3, 1, 1],
    ])
    expect(taggedLine(scores)).toMatch(/^btc 100.00 \(lenient 100.00\), wnut17 50.00/)
  })
})

describe('handles', () => {
  const likes = ['@Ada_99', '@x', '@THE_realBen2', '@___7']

  it('are invented in the shape of others, the same each time', () => {
    const shape = (handle: string) => handle.replace(/[a-z]/g, 'a').replace(/[A-Z]/g, 'A').replace(/\d/g, '9')
    const invented = likes.map((like, at) => inventHandle(like, at))
    expect(invented.map(shape)).toEqual(likes.map(shape))
    expect(likes.map((like, at) => inventHandle(like, at))).toEqual(invented)
    expect(inventHandle('@Ada_99', 1)).not.toBe(invented[0])
    for (const handle of invented) expect(splitWords(handle, 'tweet').words).toEqual([handle])
  })

  it('of a group are scored by what is found at them, and known ones are told from others', async () => {
    const of = (...handles: string[]) => ({
      tokens: ['hi', ...handles, '@Org'],
      labels: ['O', ...handles.map(() => 'B-PER'), 'B-ORG'],
    })
    await file('train.jsonl', of('@ann', '@Bob_1'), of('@ann'))
    await file('valid.jsonl', of('@ann', '@cy'))
    const groups = await handleGroups(folder)
    expect([...groups.training].sort()).toEqual(['@Bob_1', '@ann'])
    expect(groups.heldOut).toEqual(['@cy'])
    expect(groups.invented).toHaveLength(2)
    const asked: string[] = []
    const scores = await scoreHandles(async ({ text, tokens }) => {
      asked.push(text)
      const known = tokens.find(word => groups.training.includes(word))
      const cy = tokens.includes('@cy') ? [{ type: 'ORG', text: '@cy', score: 0.5 }] : []
      return { entities: known ? [{ type: 'PER', text: known, score: 0.9 }] : cy }
    }, groups)
    expect(scores.training.person).toBeCloseTo(0.9)
    expect(scores.training.found).toBe(1)
    expect(scores.heldOut).toEqual({ handles: 1, person: 0, entity: 0.5, found: 0 })
    expect(scores.invented).toEqual({ handles: 2, person: 0, entity: 0, found: 0 })
    expect(asked).toHaveLength(15)
  })
})

describe('our own sentences', () => {
  const path = join(import.meta.dirname, '../posts-en/sentences.jsonl')

  it('are each once, each of a phenomenon, and of all types', async () => {
    const { examples, report } = await readExamples(path)
    expect(report).toMatchObject({ unknownFields: ['phenomenon'], misplacedEntities: 0, orphans: 0 })
    expect(examples.length).toBeGreaterThanOrEqual(80)
    expect(new Set(examples.map(({ text }) => text)).size).toBe(examples.length)
    const types = examples.flatMap(({ labels }) => extractSpans(labels!, 'strict').map(({ type }) => type))
    expect([...new Set(types)].sort()).toEqual([...TYPES].sort())
    const lines = (await readFile(path, 'utf8')).trimEnd().split('\n')
    const counts = new Map<string, number>()
    for (const line of lines) {
      const { phenomenon } = JSON.parse(line)
      counts.set(phenomenon, (counts.get(phenomenon) ?? 0) + 1)
    }
    expect(Math.min(...counts.values())).toBeGreaterThanOrEqual(3)
    expect(lines).toHaveLength(examples.length)
  })
})
