import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { tokenizerFromVocab } from '@mafjs/encoders'
import { expect, test } from 'vitest'
import { doctorRun } from '../../src/doctor/doctor-run'
import { FINDINGS, type Finding } from '../../src/doctor/findings'
import { folderWith } from '../files'
import { type FaultyFolder, faultyConll, faultyFolder, faultyJsonl, good, noise, word } from './faulty-folder'

const places = (findings: readonly Finding[]): string[] =>
  findings.map(({ code, file, line }) => `${code} ${file}${line === undefined ? '' : `:${line}`}`).sort()

const letters = [...'abcdefghijklmnopqrstuvwxyz']
/** Spells any latin word letter by letter. */
const tokenizer = tokenizerFromVocab(
  ['[PAD]', '[UNK]', '[CLS]', '[SEP]', ...letters, ...letters.map(letter => `##${letter}`)],
  { lowercase: true, maxLength: 48 },
)

const run = ({ data, images }: FaultyFolder) => doctorRun({ data, images, tokenizer })

test('every fault of CoNLL files and pictures is found at its line, and nothing else is', async () => {
  const folder = await faultyConll()
  const { findings, counts, skipped, splits } = await run(folder)
  expect(places(findings)).toEqual(folder.expected)
  expect(skipped).toEqual([])
  expect(Object.values(counts).reduce((sum, count) => sum + count)).toBe(findings.length)
  expect(splits.every(({ known }) => known === undefined)).toBe(true)
  const severities = findings.map(({ severity }) => severity)
  expect(severities).toEqual([...severities].sort((a, b) => order.indexOf(a) - order.indexOf(b)))
})
const order = ['error', 'warning', 'note']

test('every fault of JSONL files is found at its line, and nothing else is', async () => {
  const folder = await faultyJsonl()
  const { findings, skipped } = await doctorRun({ data: folder.data })
  expect(places(findings)).toEqual(folder.expected)
  expect(skipped).toHaveLength(2)
})

test('together they have every kind of finding but those of whole files, and one that stays in a copy', async () => {
  const found = [...(await faultyConll()).expected, ...(await faultyJsonl()).expected]
  const kinds = new Set(found.map(place => place.split(' ')[0]))
  const missing = Object.keys(FINDINGS).filter(code => !kinds.has(code))
  expect(missing).toEqual([
    'empty-file',
    'iob1',
    'other-offsets',
    'left-out',
    'not-carried',
    'edited-data-set',
    'unread-picture',
    'unread-file',
  ])
})

test('a clean folder has no finding', async () => {
  const folder = await faultyFolder(
    '.txt',
    (['train', 'valid', 'test'] as const).map(split => ({ split, lines: [...good(split), ...good()] })),
    Object.fromEntries(
      await Promise.all(
        ['train.png', 'valid.jpg', 'test.webp'].map(async name => {
          const format = name.endsWith('jpg') ? 'jpeg' : name.endsWith('webp') ? 'webp' : 'png'
          return [name, await noise().toFormat(format).toBuffer()] as const
        }),
      ),
    ),
  )
  expect((await run(folder)).findings).toEqual([])
})

test('what a finding says', async () => {
  const { findings } = await run(await faultyConll())
  const message = (code: string): string => findings.find(one => one.code === code)!.message
  expect(message('orphan-inside')).toBe('I-PER after O, word 2 of its post')
  expect(message('blank-token')).toBe('word 2 of its post is U+00A0')
  // 6 words of 8 letters with [CLS] and [SEP] are 50 pieces.
  expect(message('cut-post')).toBe('loses 1 of 6 words and 1 of 6 entities')
  expect(message('tiny-picture')).toMatch(/^named by .*train\.txt:\d+: 48 x 31 pixels$/)
  expect(message('duplicate-text')).toMatch(/^has the words and labels of .*train\.txt:\d+$/)
  expect(message('conflicting-labels')).toMatch(/train\.txt:\d+ with other labels, in another split$/)
  expect(message('other-type')).toBe('2 labels of type OTHER')
})

test('no finding quotes the words of a post', async () => {
  const secret = 'tweeted'
  const folder = await faultyFolder('.txt', [
    {
      split: 'train',
      lines: [secret, '', `O\t${secret}`, '', `${secret} ${secret} O`, '', `${secret}\tI-PER`, ''],
    },
  ])
  const jsonl = await faultyFolder('.jsonl', [
    {
      split: 'train',
      lines: [`{"text": "${secret}`, `{"text": "${secret}", "tokens": ["${secret}", "${secret}"]}`],
    },
  ])
  const { findings } = await run(folder)
  const { findings: others } = await doctorRun({ data: jsonl.data })
  expect([findings.length, others.length]).toEqual([8, 4])
  expect(JSON.stringify([findings, others])).not.toContain(secret)
})

test('an empty file and one in UTF-16', async () => {
  const data = await folderWith({
    'train.txt': '\n\n',
    'valid.txt': Buffer.from(`\ufeff${word()}\tO`, 'utf16le'),
  })
  const { findings } = await doctorRun({ data })
  expect(places(findings)).toEqual([
    `empty-file ${join(data, 'train.txt')}`,
    `not-utf8 ${join(data, 'valid.txt')}:1`,
  ])
})

test('quick reads no picture behind its header, and says so', async () => {
  const { data, images } = await faultyConll()
  const { findings, skipped } = await doctorRun({ data, images, quick: true })
  const codes = findings.map(({ code }) => code)
  expect(codes).not.toContain('broken-picture')
  expect(codes).toContain('mislabelled-picture')
  expect(skipped[0]).toMatch(/quick: true/)
})

test('a copied picture is across splits when any post of another split names it', async () => {
  const image = (name: string): string => JSON.stringify({ tokens: [word()], labels: ['B-PER'], image: name })
  const same = await noise().png().toBuffer()
  const { data, images } = await faultyFolder(
    '.jsonl',
    [
      { split: 'train', lines: [image('a.png'), image('b.png')] },
      { split: 'valid', lines: [image('b.png')] },
      { split: 'test', lines: [image('c.png')] },
    ],
    { 'a.png': same, 'b.png': same, 'c.png': await noise().png().toBuffer() },
  )
  const { findings } = await doctorRun({ data, images })
  expect(places(findings)).toEqual([`picture-across-splits ${join(images, 'b.png')}`])
})

test('quick with fix is refused', async () => {
  const { root, data } = await faultyJsonl()
  const fix = join(root, 'copy')
  await expect(doctorRun({ data, fix, quick: true })).rejects.toThrow(/^quick must be left out with fix/)
  expect(existsSync(fix)).toBe(false)
})

test('the vocabulary of these tests knows their words', () => {
  expect(tokenizer.encodeWords([word()]).ids).toHaveLength(6)
})
