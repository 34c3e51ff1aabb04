import { existsSync } from 'node:fs'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { uniform } from '@mafjs/tensor/random'
import { describe, expect, it } from 'vitest'
import { type ConvertRunOptions, convertRun, type Post, splitWords, TARGET_NAMES } from '../src'
import { readFile as readPosts } from '../src/reading/read-file'
import { folderWith } from './files'

const WORDS = [
  ...[
    'Rob',
    'sleeps',
    '😀',
    '👨‍👩‍👧',
    "don't",
    '#tag',
    'IMGID:7',
    '#',
    '\u00a0',
    'Ber\u00adlin',
    '東京',
    'e\u0301',
    '"',
    '\\',
    '<b>',
    '&',
  ],
  ...['O', 'B-PER', '__proto__', '1436278513418522630', '\u2028', '🇩🇪', '-', 'a_b', '%20', "'"],
]
const TYPES = ['PER', 'a type', '__proto__', 'B-X', 'Ortsname ä']

/** Posts of all kinds: with words or with a text, labels or entities, and some or no pictures; ids of 64 bits. */
function drawPosts(seed: number, count: number): object[] {
  const draws = uniform(count * 64, { seed, site: 'posts' })
  let at = 0
  const draw = (below: number): number => Math.floor(draws[at++]! * below)
  return Array.from({ length: count }, (_, i) => {
    at = i * 64
    // The first can be seen: a text of white space alone is no post.
    const words = Array.from({ length: 1 + draw(7) }, (_, k) => WORDS[draw(k === 0 ? 8 : WORDS.length)]!)
    const pictures = Array.from({ length: draw(3) }, (_, k) => `${k}/${draw(9)} ä.jpg`)
    const post = {
      id: draw(2) === 0 ? `14362785134185226${30 + i}` : `post ${i}`,
      ...(pictures.length > 1 ? { images: pictures } : { image: pictures[0] }),
      ...(draw(4) === 0 && { label: 'good news' }),
    }
    if (draw(2) === 0) {
      const labels: string[] = []
      for (const _ of words) {
        const type = TYPES[draw(TYPES.length)]!
        const before = labels.at(-1) ?? 'O'
        const next = before === 'O' ? `B-${type}` : `I-${before.slice(2)}`
        labels.push(['O', `B-${type}`, next][draw(3)]!)
      }
      return { ...post, tokens: words, labels, ...(draw(2) === 0 && { text: words.join('  ') }) }
    }
    const text = `${words.join(draw(2) === 0 ? ' ' : '  ')} .`
    const places = splitWords(text, 'tweet').offsets.filter(() => draw(3) === 0)
    return {
      ...post,
      text,
      entities: places.map(([start, end]) => ({ type: TYPES[draw(TYPES.length)], start, end, score: 0.5 })),
    }
  })
}

interface Task {
  data: object
  predictions: [{ result: object[] }]
}

const jsonlOf = (posts: readonly object[]): string => posts.map(post => `${JSON.stringify(post)}\n`).join('')

/** What a post says. */
const said = ({ id, words, labels, text, label, pictures }: Post) => ({
  id,
  words,
  labels,
  text,
  label,
  pictures,
})

/** Converts a file, and reads both. */
async function convert(
  content: string,
  options: Partial<ConvertRunOptions> & Pick<ConvertRunOptions, 'to'>,
  name = 'a.jsonl',
) {
  const folder = await folderWith({ [name]: content })
  const suffix = { 'label-studio': '.json', conll: '.txt' }[options.to as string] ?? '.jsonl'
  const [data, out] = [join(folder, name), join(folder, `out${suffix}`)]
  const report = await convertRun({ data, out, ...options })
  return { folder, out, report, before: (await readPosts(data)).posts, text: await readFile(out, 'utf8') }
}

describe('what was converted is read again as it was', () => {
  for (const seed of [1, 2, 3, 4]) {
    it(`from JSONL to each format and back, seed ${seed}`, async () => {
      const source = jsonlOf(drawPosts(seed, 60))
      const { text: same } = await convert(source, { to: 'jsonl' })
      expect(same).toBe(source)
      for (const to of ['hf', 'conll'] as const) {
        const { out, before, text, report } = await convert(source, { to })
        const { posts: after, format } = await readPosts(out)
        expect(format.name).toBe({ hf: 'Hugging Face', conll: 'CoNLL' }[to])
        const kept = (post: Post) => {
          const { id, text, label, ...rest } = said(post)
          return to === 'hf' ? { id, text, label, ...rest } : rest
        }
        expect(after.map(kept)).toEqual(before.map(kept))
        // Back again, and once more: from here on nothing changes.
        const back = await convert(text, { to: 'jsonl' }, `a.${out.split('.').at(-1)}`)
        expect((await readPosts(back.out)).posts.map(kept)).toEqual(before.map(kept))
        expect((await convert(back.text, { to })).text).toBe(text)
        const leftOf = (what: string) => report.left.find(one => one.what.startsWith(what))?.count ?? 0
        const entities = before.flatMap(({ written }) => written.entities ?? [])
        expect(leftOf('scores')).toBe(entities.length)
        const texts = before.filter(({ text }) => text !== undefined).length
        expect(leftOf('texts')).toBe(to === 'conll' ? texts : 0)
      }
    })

    it(`to Label Studio, and back when people have submitted it, seed ${seed}`, async () => {
      const source = jsonlOf(drawPosts(seed, 60))
      const { text, before } = await convert(source, {
        to: 'label-studio',
        imagePrefix: '/data/local-files/?d=',
      })
      // Label Studio makes an annotation of a prediction that is submitted, and gives tasks ids of its own.
      const submitted = JSON.parse(text).map(({ data, predictions: [{ result }] }: Task, i: number) => ({
        ...{ id: 100 + i, data, predictions: [] },
        annotations: [{ id: i, was_cancelled: false, result }],
      }))
      const back = await convert(JSON.stringify(submitted), { to: 'jsonl' }, 'a.json')
      const { posts } = await readPosts(back.out)
      expect(posts.map(({ id, text, label, pictures }) => ({ id, text, label, pictures }))).toEqual(
        before.map(({ id, words, text = words.join(' '), label, pictures }) => ({
          id,
          text,
          label,
          pictures,
        })),
      )
      const ofTexts = (read: readonly Post[]) =>
        read.filter((_, i) => before[i]!.written.entities).map(({ labels }) => labels)
      expect(ofTexts(posts)).toEqual(ofTexts(before))
      expect(ofTexts(posts).length).toBeGreaterThan(10)
    })

    it(`to Label Studio, in code points, seed ${seed}`, async () => {
      const source = jsonlOf(drawPosts(seed, 60))
      const { text, before, report } = await convert(source, { to: 'label-studio', modelVersion: 'v"1' })
      const tasks = JSON.parse(text)
      expect(tasks).toHaveLength(before.length)
      let unseen = 0
      for (const [i, { data, predictions }] of tasks.entries()) {
        const post = before[i]!
        expect(data).toMatchObject({ id: post.id, text: post.text ?? post.words.join(' ') })
        expect(data.images ?? []).toEqual(post.pictures)
        const [{ model_version, score, result }] = predictions
        expect([model_version, score]).toEqual(['v"1', post.written.entities?.[0] && 0.5])
        // As Python cuts strings.
        const signs = [...data.text]
        const types: string[] = []
        for (const { type, from_name, to_name, value } of result) {
          expect([type, from_name, to_name]).toEqual(['labels', 'label', 'text'])
          expect(signs.slice(value.start, value.end).join('')).toBe(value.text)
          expect(value.text.trim()).toBe(value.text)
          types.push(...value.labels)
        }
        const opened = post.labels!.flatMap(label => (label.startsWith('B-') ? [label.slice(2)] : []))
        unseen += opened.length - types.length
        if (!post.words.some(word => word.trim() === '')) expect(types).toEqual(opened)
      }
      // Words that are white space have entities too, where words were given.
      expect(report.left).toEqual([
        {
          what: 'posts of words alone, which a splitter finds anew in their text',
          count: before.filter(({ text }) => text === undefined).length,
        },
        ...(unseen > 0 ? [{ what: 'entities of which nothing can be seen', count: unseen }] : []),
      ])
      expect(report.labelInterface).toContain('<Label value="Ortsname ä"/>')
      expect(report.labelInterface).toContain('valueList="$images"')
    })
  }
})

it('counts what is not carried over, and says it of each kind', async () => {
  const source = jsonlOf([
    {
      id: 'a',
      text: 'Rob  sleeps',
      entities: [{ type: 'a b', start: 0, end: 3, score: 0.5 }],
      image: 'x.jpg',
      lang: 'en',
    },
    { tokens: ['a', 'b'], labels: ['I-PER', 'O'], label: 'good', user: 1, lang: 'de' },
  ])
  const left = async (to: ConvertRunOptions['to']) =>
    (await convert(source, { to })).report.left
      .map(({ what, count }) => `${what.split(',')[0]}: ${count}`)
      .sort()
  expect(await left('jsonl')).toEqual([])
  expect(await left('conll')).toEqual([
    ...['classes of posts: 1', 'fields of other names: 3', 'ids: 1', 'labels with spaces: 1'],
    ...['scores of entities: 1', 'texts: 1'],
  ])
  expect(await left('hf')).toEqual(['fields of other names: 3', 'scores of entities: 1'])
  expect(await left('label-studio')).toEqual([
    ...['fields of other names: 3', 'labels I- that continue nothing: 1', 'posts of words alone: 1'],
  ])
})

it('pictures are where Label Studio serves them', async () => {
  const source = jsonlOf([{ text: 'a', image: 'x/a b.jpg' }, { text: 'b' }])
  const { text } = await convert(source, { to: 'label-studio', imagePrefix: '/data/local-files/?d=' })
  expect(JSON.parse(text).map(({ data }: { data: object }) => data)).toEqual([
    { text: 'a', image: '/data/local-files/?d=x/a%20b.jpg' },
    { text: 'b' },
  ])
})

it('a folder becomes a folder, whose card names the splits and the labels in their order', async () => {
  const post = (type: string) => `${JSON.stringify({ tokens: ['a'], labels: [`B-${type}`] })}\n`
  const data = await folderWith({ 'train.jsonl': post('PER'), 'val.jsonl': post("it's"), 'notes.md': '' })
  const out = join(data, '..', 'converted-folder')
  const { notes } = await convertRun({ data, out: join(await folderWith(), 'new'), to: 'conll' })
  expect(notes).toContain('Not read of the data folder: "notes.md".')
  const hf = join(await folderWith(), 'new')
  await convertRun({ data, out: hf, to: 'hf' })
  expect((await readdir(hf)).sort()).toEqual(['README.md', 'train.jsonl', 'valid.jsonl'])
  const card = await readFile(join(hf, 'README.md'), 'utf8')
  expect(card.match(/'\d': .*/g)).toEqual([
    `'0': "O"`,
    `'1': "B-PER"`,
    `'2': "I-PER"`,
    `'3': "B-it's"`,
    `'4': "I-it's"`,
  ])
  expect(card).toMatch(/split: train\n {4}path: train.jsonl\n {2}- split: validation\n {4}path: valid.jsonl/)
  expect(existsSync(out)).toBe(false)
})

it('writes nothing where it cannot, and replaces nothing', async () => {
  const folder = await folderWith({
    'good.jsonl': jsonlOf([{ tokens: ['a'], labels: ['O'] }]),
    'bad.jsonl': '{"tokens": ["a"], "labels": []}',
    'unlabelled.jsonl': '{"text": "a"}',
    'mark.jsonl': jsonlOf([
      { tokens: ['a'], labels: ['O'] },
      { tokens: ['-DOCSTART-', 'b'], labels: ['O', 'O'] },
    ]),
    'bom.jsonl': jsonlOf([{ tokens: ['\ufeff'], labels: ['O'] }]),
    'return.jsonl': jsonlOf([{ tokens: ['a'], labels: ['O'], image: 'a\r' }]),
    'there.txt': 'mine',
  })
  const files = (await readdir(folder)).sort()
  const refused = (data: string, to: ConvertRunOptions['to'], out: string) =>
    expect(convertRun({ data: join(folder, data), to, out: join(folder, out) })).rejects
  await refused('bad.jsonl', 'conll', 'new.txt').toThrow('bad.jsonl:1 must have a label for each')
  await refused('unlabelled.jsonl', 'conll', 'new.txt').toThrow('must have labels')
  await refused('mark.jsonl', 'conll', 'new.txt').toThrow(/mark\.jsonl:2 must be a post that CoNLL can hold/)
  await refused('bom.jsonl', 'conll', 'new.txt').toThrow(/must be a post that CoNLL can hold/)
  await refused('return.jsonl', 'conll', 'new.txt').toThrow(/must be a post that CoNLL can hold/)
  await refused('good.jsonl', 'conll', 'there.txt').toThrow('out must not exist yet')
  await refused('good.jsonl', 'conll', 'new.jsonl').toThrow(
    /out must have the suffix of CoNLL.*Call it .*new\.txt/,
  )
  await refused('good.jsonl', 'label-studio', 'new.jsonl').toThrow(/Call it .*new\.json\./)
  await refused('good.jsonl', 'hf', 'new.json').toThrow(/Call it .*new\.jsonl/)
  await refused('good.jsonl', 'spacy' as never, 'new.json').toThrow(
    `to must be one of ${TARGET_NAMES.join(', ')}`,
  )
  expect((await readdir(folder)).sort()).toEqual(files)
  expect(await readFile(join(folder, 'there.txt'), 'utf8')).toBe('mine')
})

it('what is right in a file of the same format stays as it is written', async () => {
  const source = 'IMGID:1\nRob  B-PER\n\n# id: 7\nAda x I-PER\n\nb O\n\n'
  await writeFile(join(await folderWith(), 'x'), '')
  const { text } = await convert(source.replace(' x ', '  '), { to: 'conll' }, 'a.txt')
  expect(text).toBe(source.replace(' x ', '  '))
})
