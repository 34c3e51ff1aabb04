import { join } from 'node:path'
import { useBackend } from '@mafjs/compile/engine'
import { jsonl, streamLines } from '@mafjs/data'
import type { MafAnnotator } from '@mafjs/ner-maf'
import sharp from 'sharp'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { always, tinyMaf } from '../../../ner-maf/test/checkpoint/tiny-checkpoint'
import { folderWith } from '../../../ner-maf/test/data/files'
import { annotateLines } from '../../src/predict/annotate-lines'

let maf: MafAnnotator
beforeAll(async () => {
  await useBackend('cpu')
  maf = await tinyMaf()
})
afterAll(() => maf.dispose())

/** The bytes in chunks of a few, so that lines and characters are cut anywhere. */
async function* inChunks(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size)
}

test.each([1, 3, 1000])('a stream in chunks of %s bytes is cut at line feeds only', async size => {
  const lines = ['{"text": "a\u2028b\u0085c\rd"}', '', '東京 😀', 'no line feed at the end']
  const read: string[] = []
  for await (const line of streamLines(inChunks(Buffer.from(lines.join('\n')), size))) {
    read.push(Buffer.from(line).toString())
  }
  expect(read).toEqual(lines)
  for await (const _ of streamLines(inChunks(Buffer.from(''), size))) expect.unreachable()
})

test('who takes no more lines closes the stream, and one that is told to end while it waits ends', async () => {
  let isClosed = false
  async function* endless(): AsyncGenerator<Buffer> {
    try {
      for (;;) yield Buffer.from('a\nb\n')
    } finally {
      isClosed = true
    }
  }
  for await (const _ of streamLines(endless())) break
  expect(isClosed).toBe(true)
  const told = new AbortController()
  async function* silent(): AsyncGenerator<Buffer> {
    yield Buffer.from('a\nb')
    await new Promise(() => {})
  }
  const read: string[] = []
  for await (const line of streamLines(silent(), { signal: told.signal })) {
    read.push(String(line))
    setImmediate(() => told.abort())
  }
  expect(read).toEqual(['a'])
})

test('every line has its line: annotations, and what was wrong with the others', async () => {
  const bytes = await sharp({ create: { width: 9, height: 9, channels: 3, background: '#7b2' } })
    .png()
    .toBuffer()
  const images = await folderWith({ 'a.png': bytes, 'b.png': bytes.subarray(0, 40) })
  const input: [line: string | Buffer, expected: RegExp | { id?: unknown; match?: boolean }][] = [
    ['\ufeff{"id": 1, "text": "kevin loves\u2028paris"}\r', { id: 1 }],
    ['{"id": "two", "text": "kevin", "image": "a.png"}', { id: 'two', match: true }],
    ['{"id": [3], "text": "kevin", "image": "../a.png"}', /stdin:3 must name a picture inside.*a step out/],
    ['{"id": 4, "text": "kevin", "image": "/etc/a.png"}', /stdin:4 .*an absolute path/],
    ['{"text": "kevin"', /stdin:5 must be one JSON object.*kevin/],
    ['  \t', /stdin:6 must be one JSON object\. Received: a blank line/],
    ['{"text": 7}', /stdin:7 must have a string as "text"\. Received: 7/],
    ['["kevin"]', /stdin:8 must be one JSON object/],
    ['null', /stdin:9 must be one JSON object/],
    ['{"text": "kevin", "image": 5}', /stdin:10 must have a path as "image"\. Received: 5/],
    ['{"text": "kevin", "image": "none.png"}', /none\.png: there is no such file/],
    ['{"text": "kevin", "image": "b.png"}', /b\.png: it is broken/],
    [Buffer.from([0x7b, 0xff, 0x7d]), /stdin:13 must be UTF-8/],
    ['{"text": "kevin", "image": null, "labels": ["O"]}', {}],
    ['{"id": 15, "tokens": ["kevin", "loves"], "text": null, "labels": ["B-PER", "O"]}', { id: 15 }],
    [
      '{"tokens": ["kevin"], "text": "kevin loves"}',
      /stdin:16 must have the words.*text after the last token/,
    ],
    ['{"tokens": ["paris"], "text": "kevin loves"}', /stdin:17 must have the words.*"paris", is not next/],
    ['{"tokens": ["kevin", 7]}', /stdin:18 must have words as "tokens".*Received: \["kevin",7\]/],
    ['{"tokens": "kevin"}', /stdin:19 must have words as "tokens"/],
    ['{"id": 20, "text": "kevin", "image": null, "images": ["a.png", "./a.png"]}', { id: 20, match: true }],
    ['{"id": 21, "text": "kevin", "images": []}', { id: 21 }],
    ['{"text": "kevin", "images": ["a.png", "../b.png"]}', /stdin:22 must name a picture inside.*a step out/],
    ['{"text": "kevin", "images": "a.png"}', /stdin:23 must have a list of paths as "images"/],
    ['{"text": "kevin", "image": "a.png", "images": ["a.png"]}', /stdin:24 must have "image" or "images"/],
    ['\ufeff\u00a0\r', /stdin:25 .*a blank line/],
  ]
  for (const batchSize of [1, 5, 50]) {
    const lines = input.map(([line]) => Buffer.from(line as string))
    const outputs: { line: string; ok: boolean }[] = []
    for await (const output of annotateLines(maf, lines, { images, batchSize })) outputs.push(output)
    expect(outputs).toHaveLength(input.length)
    for (const [i, [, outcome]] of input.entries()) {
      const { line, ok } = outputs[i]!
      const said = JSON.parse(line)
      expect(ok).toBe(!(outcome instanceof RegExp))
      expect(said.line).toBe(i + 1)
      if (outcome instanceof RegExp) {
        expect(said.error).toMatch(outcome)
      } else {
        expect(said.id).toEqual(outcome.id)
        expect(said.entities).toBeInstanceOf(Array)
        expect(typeof said.match).toBe(outcome.match ? 'number' : 'object')
      }
    }
    expect(JSON.parse(outputs[2]!.line).id).toEqual([3])
    expect(JSON.parse(outputs[11 - 1]!.line).error).toContain(join(images, 'none.png'))
  }
})

test('given words are the words, and offsets count in the text they stand in', async () => {
  const everything = await tinyMaf({ pictures: false, change: always('B-PER') })
  const said = async (post: object): Promise<[string, number][]> => {
    const outputs: string[] = []
    const lines = [Buffer.from(JSON.stringify(post))]
    for await (const { line } of annotateLines(everything, lines)) outputs.push(line)
    const { entities } = JSON.parse(outputs[0]!)
    return entities.map(({ text, start }: { text: string; start: number }) => [text, start])
  }
  // The splitter would make three words of the first.
  expect(await said({ tokens: ["don't", '😀', 'ok'] })).toEqual([
    ["don't", 0],
    ['😀', 6],
    ['ok', 9],
  ])
  expect(await said({ text: 'kevinloves  ok', tokens: ['kevin', 'loves', 'ok'] })).toEqual([
    ['kevin', 0],
    ['loves', 5],
    ['ok', 12],
  ])
  expect(await said({ text: '', tokens: [] })).toEqual([])
  everything.dispose()
})

test('a line is a post again, with what was found in it', async () => {
  const everything = await tinyMaf({ pictures: false, change: always('B-PER') })
  const posts = [
    '{"id": 1436278513418522630, "text": "😀 kevin\u00ad", "image": "a.png", "lang": "en", "__proto__": 1}',
    '{"tokens": ["don\'t", "kevin"], "images": ["a.png", "b/c.png"]}',
    '{"text": "kevin", "img": "a.png"}',
  ]
  const outputs: { line: string; unread: readonly string[] }[] = []
  for await (const output of annotateLines(everything, posts.map(Buffer.from))) outputs.push(output)
  expect(outputs.map(({ unread }) => unread)).toEqual([['lang', '__proto__'], [], []])
  const read = jsonl.parse(
    outputs.map(({ line }) => line),
    { file: 'a' },
  )
  expect(
    read.posts.map(({ id, text, words, labels, pictures }) => [id, text, words, labels, pictures]),
  ).toEqual([
    ['1436278513418522630', '😀 kevin\u00ad', ['😀', 'kevin'], ['B-PER', 'B-PER'], ['a.png']],
    ['a:2', "don't kevin", ["don't", 'kevin'], ['B-PER', 'B-PER'], ['a.png', 'b/c.png']],
    ['a:3', undefined, [], undefined, []],
  ])
  await everything.dispose()
})

test('an id comes back digit for digit, or nothing but an error does', async () => {
  const spelled = ['1436278513418522630', '1436278513418522631', '1.0', '-0']
  const lines = spelled.map(id => Buffer.from(`{"id":${id},"text":"kevin"}`))
  const ids: unknown[] = []
  for await (const { line } of annotateLines(maf, lines)) ids.push(JSON.parse(line).id)
  expect(ids).toEqual(spelled)
})

test('a picture that cannot be read is left out where that was asked for, and named', async () => {
  const images = await folderWith({ 'b.png': Buffer.from('no picture') })
  const lines = [
    '{"text": "kevin", "images": ["b.png", "none.png"]}',
    '{"text": "kevin"}',
    '{"text": "kevin", "image": "../b.png"}',
  ]
  const said = async (options: object) => {
    const outputs: { line: string; skips: boolean }[] = []
    for await (const one of annotateLines(
      maf,
      lines.map(line => Buffer.from(line)),
      { images, ...options },
    ))
      outputs.push(one)
    return outputs.map(({ line, skips }) => ({ skips, ...JSON.parse(line) }))
  }
  const [skipping, alone, outside] = await said({ onBrokenPicture: 'skip' })
  expect(skipping.skippedPictures.map(({ picture }: { picture: string }) => picture)).toEqual([
    join(images, 'b.png'),
    join(images, 'none.png'),
  ])
  expect(skipping.skippedPictures[1].reason).toMatch(/there is no such file/)
  // Without its pictures a post is the one that never had any.
  const { skippedPictures: _, images: named, ...rest } = skipping
  expect(named).toEqual(['b.png', 'none.png'])
  expect(rest).toEqual({ ...alone, skips: true, line: 1 })
  expect(outside.error).toMatch(/a step out/)
  expect((await said({}))[0].error).toMatch(/b\.png/)
  await expect(said({ onBrokenPicture: 'ignore' })).rejects.toThrow(/onBrokenPicture must be stop or skip/)
})

test('entities below the least score are left out', async () => {
  const everything = await tinyMaf({ pictures: false, change: always('B-PER') })
  const { entities } = await everything.annotate({ text: 'kevin loves paris' })
  const [lowest] = entities.map(({ score }) => score).sort((a, b) => a - b)
  const sure = await everything.annotate({ text: 'kevin loves paris' }, { minScore: lowest! + 1e-9 })
  expect(sure.entities).toEqual(entities.filter(({ score }) => score !== lowest))
  expect(entities.length).toBeGreaterThan(sure.entities.length)
  await expect(everything.annotate({ text: 'a' }, { minScore: 1.5 })).rejects.toThrow(
    /minScore must be from 0 to 1/,
  )
  await everything.dispose()
})
