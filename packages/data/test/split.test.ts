import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { uniform } from '@mafjs/tensor/random'
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { dealGroups, formatSplit, readDataset, type SplitRunOptions, splitRun } from '../src'
import { folderWith } from './files'

const SPLITS = ['train', 'valid', 'test'] as const

/** Parts lines, and gives what each split has of them. */
async function split(lines: readonly string[], options: Partial<SplitRunOptions> = {}) {
  const folder = await folderWith({ 'posts.jsonl': lines.map(line => `${line}\n`).join('') })
  const out = join(folder, 'out')
  const report = await splitRun({ data: join(folder, 'posts.jsonl'), out, ...options })
  const parts = new Map<string, string[]>()
  for (const name of await readdir(out)) {
    parts.set(name, (await readFile(join(out, name), 'utf8')).trimEnd().split('\n'))
  }
  return { report, parts, out }
}

/** The part of each line, by its place. */
const partsOf = (lines: readonly string[], parts: ReadonlyMap<string, readonly string[]>): string[] => {
  const partOf = new Map([...parts].flatMap(([part, own]) => own.map(line => [line, part] as const)))
  return lines.map(line => partOf.get(line)!)
}

const drawn = [...uniform(6000, { seed: 4, site: 'posts' })]
const words = 'red small disc on white ground the of sun moon ada rob sleeps again every day no more'.split(
  ' ',
)

/** 300 posts of a few words, some of which are reposts, or have the picture or the id of another. */
const LINES = Array.from({ length: 300 }, (_, i) => {
  const [length, from, repost, picture, ...draws] = drawn.slice(20 * i, 20 * i + 20)
  const at = repost! < 0.2 ? Math.floor(from! * 40) : i
  const seen = at === i ? draws : drawn.slice(20 * at + 4, 20 * at + 20)
  const own = at === i ? length! : drawn[20 * at]!
  const tokens = seen.slice(0, 6 + Math.floor(9 * own)).map(draw => words[Math.floor(draw * words.length)]!)
  if (at !== i) tokens.unshift('RT')
  const types = ['PER', 'PER', 'LOC', 'a type']
  const labels = tokens.map((_, word) => {
    const draw = drawn[(20 * i + 7 * word) % drawn.length]!
    return draw < 0.2 ? `B-${types[Math.floor(20 * draw)]}` : 'O'
  })
  const image = picture! < 0.3 ? `${Math.floor(picture! * 300)}.jpg` : undefined
  // Signs that a writer would change if it wrote posts anew.
  return `{ "id": ${i}, "tokens": ${JSON.stringify(tokens)}, "labels":${JSON.stringify(labels)}, "own": [1.0]${image ? `, "image": "${image}"` : ''} }`
})

describe('split', () => {
  it('parts no two posts that are near, and leaves every post as it was', async () => {
    const { parts, report } = await split(LINES, { valid: 0.2, test: 0.1 })
    expect([...parts.keys()].sort()).toEqual(['test.jsonl', 'train.jsonl', 'valid.jsonl'])
    expect([...parts.values()].flat().sort()).toEqual([...LINES].sort())
    const posts = LINES.map(line => JSON.parse(line) as { tokens: string[]; image?: string })
    const pairs = posts.map(
      ({ tokens }) => new Set(tokens.slice(1).map((word, i) => `${tokens[i]} ${word}`.toLowerCase())),
    )
    const partOf = partsOf(LINES, parts)
    let near = 0
    for (const [a, one] of posts.entries()) {
      for (const [b, other] of posts.slice(0, a).entries()) {
        const common = [...pairs[a]!].filter(pair => pairs[b]!.has(pair)).length
        const isNear = common / (pairs[a]!.size + pairs[b]!.size - common) >= 0.4
        if (!isNear && (one.image === undefined || one.image !== other.image)) continue
        near++
        expect(partOf[a]).toBe(partOf[b])
      }
    }
    expect(near).toBeGreaterThan(40)
    for (const { of, total, ...own } of report.counts) {
      for (const split of SPLITS) {
        // No group is larger than this, and each can be as far from what is wanted as one.
        expect(Math.abs(own[split]! - report.wanted[split]! * total), `${of} ${split}`).toBeLessThan(8)
      }
    }
    expect(report.counts.map(({ of, total }) => [of, total])).toContainEqual(['posts', 300])
    expect(formatSplit(report)).toContain('| a type ')
  })

  it('gives the same bytes for the same seed, and others for another', async () => {
    const [one, same, other] = [await split(LINES), await split(LINES), await split(LINES, { seed: 1 })]
    expect(same.parts).toEqual(one.parts)
    expect(other.parts.get('test.jsonl')).not.toEqual(one.parts.get('test.jsonl'))
    expect(Object.keys(await readDataset({ data: one.out }))).toEqual(['train', 'valid', 'test'])
  })

  it('keeps the same picture together under other names, by its bytes and by its looks', async () => {
    const spots = (seed: number) => {
      const values = Uint8Array.from(uniform(90, { seed, site: 'spots' }), value => 255 * value)
      return sharp(values, { raw: { width: 6, height: 5, channels: 3 } }).resize(90, 80)
    }
    const pictures = new Map<string, Buffer>()
    for (let i = 0; i < 20; i++)
      pictures.set(
        `${i}.png`,
        await spots(i + 1)
          .png()
          .toBuffer(),
      )
    pictures.set('bytes.png', pictures.get('0.png')!)
    pictures.set('looks.jpg', await spots(1).jpeg({ quality: 40 }).toBuffer())
    // What cannot be decoded is the same by its bytes alone.
    for (const name of ['broken.png', 'broken2.png']) pictures.set(name, Buffer.from('no picture'))
    const images = await folderWith(Object.fromEntries(pictures))
    const lines = [...pictures.keys(), 'missing.png'].map((image, i) =>
      JSON.stringify({ tokens: [`${i}`], labels: ['O'], image }),
    )
    const { parts, report } = await split(lines, { images, valid: 0.3, test: 0.3 })
    const partOf = partsOf(lines, parts)
    expect([partOf[20], partOf[21]]).toEqual([partOf[0], partOf[0]])
    expect(partOf[22]).toBe(partOf[23])
    expect(report.pictures).toEqual({ missing: 1, broken: 2 })
    expect(report.related).toEqual({ byText: 0, byPicture: 5 })
    expect(report.groups).toEqual({ count: 22, several: 2, posts: 5, largest: 3 })
  })

  it('says what stands in the file itself and is not written', async () => {
    const data = join(import.meta.dirname, 'fixtures/formats/hub.parquet')
    const out = join(await folderWith(), 'out')
    const { notes } = await splitRun({ data, out, valid: 0.4, test: 0 })
    expect(notes.at(-1)).toMatch(/^2 pictures stand in the file itself/)
    expect((await readdir(out)).sort()).toEqual(['train.jsonl', 'valid.jsonl'])
  })

  it('writes nothing where it cannot part', async () => {
    const same = Array.from({ length: 9 }, (_, id) =>
      JSON.stringify({ id, tokens: ['a', 'b'], labels: ['O', 'O'] }),
    )
    const folder = await folderWith({ 'posts.jsonl': same.join('\n'), 'bad.jsonl': '{"tokens":[]}', out: '' })
    const data = join(folder, 'posts.jsonl')
    const refused = (options: Partial<SplitRunOptions>) =>
      expect(splitRun({ data, out: join(folder, 'new'), ...options })).rejects
    await refused({}).toThrow(
      'must have groups of posts for every split: valid got none. Received: 9 posts in 1 groups',
    )
    await refused({ valid: 0.5, test: 0.5 }).toThrow('test must leave posts to train on')
    await refused({ valid: -1 }).toThrow('valid must be from 0 to below 1')
    await refused({ valid: Number.NaN }).toThrow('valid must be from 0 to below 1')
    await refused({ out: join(folder, 'out') }).toThrow('out must not exist yet')
    await refused({ data: join(folder, 'bad.jsonl') }).toThrow('bad.jsonl:1 must have words')
    expect(existsSync(join(folder, 'new'))).toBe(false)
    expect((await readdir(folder)).sort()).toEqual(['bad.jsonl', 'out', 'posts.jsonl'])
  })
})

it('deals large groups first, and what is rare as it is wanted', () => {
  // Dealt last, the group of 50 would make it 75 to 25.
  const posts = Array.from({ length: 100 }, (_, i) => ({
    group: i % 2 === 0 ? 0 : i,
    kinds: [],
  }))
  for (const seed of [1, 2, 3]) {
    const parts = dealGroups(posts, [0.5, 0.5], seed)
    expect(new Set(parts.filter((_, i) => i % 2 === 0)).size).toBe(1)
    expect(parts.filter(part => part === 0)).toHaveLength(50)
  }
  const singles = posts.map((_, i) => ({ group: i, kinds: i % 20 === 9 ? ['__proto__'] : [] }))
  const parts = dealGroups(singles, [0.6, 0.4], 3)
  expect(parts.filter(part => part === 0)).toHaveLength(60)
  expect(parts.filter((part, i) => part === 0 && i % 20 === 9)).toHaveLength(3)
})
