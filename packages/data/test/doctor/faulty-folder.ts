import { randomBytes } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import sharp, { type Sharp } from 'sharp'
import type { SplitName } from '../../src'
import type { FindingCode } from '../../src/doctor/findings'
import { folderWith } from '../files'

/** Lines of a file, and what is wrong in which of them (counted from 0). */
export interface Block {
  split: SplitName
  lines: (string | Uint8Array)[]
  faults?: [code: FindingCode, line: number][]
}

/** A folder with `data` and `images`, and what is wrong in it as `code file:line`. */
export interface FaultyFolder {
  root: string
  data: string
  images: string
  expected: string[]
}

const letters = [...'abcdefghijklmnopqrstuvwxyz']
let words = 0
/** Words of letters that no other post has: two for a post are enough to be its own. */
export const word = (): string => {
  const number = words++
  return `q${letters[Math.floor(number / 676) % 26]}${letters[Math.floor(number / 26) % 26]}${letters[number % 26]}`
}

/** A post that nothing is wrong with, with the picture of a name. */
export const good = (picture?: string): string[] => [
  ...(picture === undefined ? [] : [`IMGID:${picture}`]),
  `${word()}\tB-PER`,
  `${word()}\tI-PER`,
  `${word()}\tB-LOC`,
  '',
]

/** A picture that is like no other. */
export const noise = (width = 48, height = 40): Sharp =>
  sharp(randomBytes(width * height * 3), { raw: { width, height, channels: 3 } })

/** Writes blocks as `.txt` or `.jsonl` files, each split's in their order, and pictures. */
export async function faultyFolder(
  suffix: '.txt' | '.jsonl',
  blocks: readonly Block[],
  pictures: Readonly<Record<string, Uint8Array>> = {},
  pictureFaults: readonly [code: FindingCode, path: string][] = [],
): Promise<FaultyFolder> {
  const root = await folderWith()
  const [data, images] = [join(root, 'data'), join(root, 'images')]
  for (const folder of [data, images]) await mkdir(folder)
  for (const [name, content] of Object.entries(pictures)) await writeFile(join(images, name), content)
  const expected = pictureFaults.map(([code, path]) => `${code} ${join(images, path)}`)
  for (const split of ['train', 'valid', 'test']) {
    const file = join(data, split + suffix)
    const bytes: Uint8Array[] = []
    for (const { lines, faults = [] } of blocks.filter(block => block.split === split)) {
      for (const [code, line] of faults) expected.push(`${code} ${file}:${bytes.length + line + 1}`)
      for (const line of lines) bytes.push(Buffer.concat([Buffer.from(line), Buffer.from('\n')]))
    }
    await writeFile(file, Buffer.concat(bytes))
  }
  return { root, data, images, expected: expected.sort() }
}

/** One CoNLL folder with every fault that such files and pictures can have, each once. */
export async function faultyConll(): Promise<FaultyFolder> {
  const same = good()
  const [again, leaked, disputed, scored] = [good(), good(), good(), good()]
  const picture = await noise().png().toBuffer()
  const everywhere = await noise().png().toBuffer()
  const jpeg = await noise(200, 200).jpeg().toBuffer()
  const relabelled = (post: readonly string[]): string[] => post.map(line => line.replace('B-LOC', 'O'))
  const long = Array.from({ length: 6 }, () => `${word()}${word()}\tB-LOC`)
  return faultyFolder(
    '.txt',
    [
      {
        split: 'train',
        lines: [`\ufeff${word()}\tB-PER`, `${word()}\tB-LOC`, ''],
        faults: [['byte-order-mark', 0]],
      },
      { split: 'train', lines: good('a') },
      { split: 'train', lines: [...good('b.png'), '', ''] },
      {
        split: 'train',
        lines: [`${word()}\tO`, `${word()}\tI-PER`, `${word()}\tI-PER`, ''],
        faults: [['orphan-inside', 1]],
      },
      {
        split: 'train',
        lines: [`${word()}\tB-PER`, `${word()}\tQ-PER`, ''],
        faults: [['label-outside-scheme', 1]],
      },
      {
        split: 'train',
        lines: [`${word()}\tO`, 'lonely', `${word()}\tO`, ''],
        faults: [['unreadable-line', 1]],
      },
      { split: 'train', lines: ['IMGID:nothing', ''], faults: [['empty-post', 0]] },
      {
        split: 'train',
        lines: [...good('c').slice(0, -1), 'IMGID:d', `${word()} O`, ''],
        faults: [['second-header', 4]],
      },
      {
        split: 'train',
        lines: [`${word()}\tO`, Buffer.from('caf\xe9\tO', 'latin1'), ''],
        faults: [['not-utf8', 1]],
      },
      { split: 'train', lines: ['IMGID:../secret', `${word()}\tO`, ''], faults: [['picture-name', 0]] },
      { split: 'train', lines: good('gone'), faults: [['missing-picture', 0]] },
      { split: 'train', lines: good('broken') },
      { split: 'train', lines: good('tiny') },
      { split: 'train', lines: good('png') },
      { split: 'train', lines: good('png-too.jpg') },
      { split: 'train', lines: good('twin') },
      { split: 'train', lines: good('twin-again') },
      { split: 'train', lines: good('here') },
      { split: 'train', lines: good('once') },
      { split: 'train', lines: good('once'), faults: [['duplicate-id', 0]] },
      { split: 'train', lines: good('both') },
      { split: 'train', lines: [...same, ...same], faults: [['duplicate-text', 4]] },
      { split: 'train', lines: [...leaked, ...disputed, ...relabelled(again)] },
      {
        split: 'train',
        lines: [`${word()}\tB-OTHER`, `${word()}\tI-OTHER`, ''],
        faults: [['other-type', 0]],
      },
      { split: 'train', lines: [`${word()}\tS-PER`, ''], faults: [['other-scheme', 0]] },
      { split: 'train', lines: [`${word()}\tB-ORG`, ''], faults: [['type-in-one-split', 0]] },
      {
        split: 'train',
        lines: [`${word()}\tO`, '\u00a0\tO', ''],
        faults: [
          ['blank-token', 1],
          ['vanished-token', 1],
        ],
      },
      { split: 'train', lines: [`${word()}\tO`, '字\tO', ''], faults: [['unknown-token', 1]] },
      { split: 'train', lines: [...long, ''], faults: [['cut-post', 0]] },
      { split: 'valid', lines: good('both'), faults: [['id-across-splits', 0]] },
      { split: 'valid', lines: good('there') },
      { split: 'valid', lines: leaked, faults: [['text-across-splits', 0]] },
      { split: 'valid', lines: [...relabelled(disputed)], faults: [['conflicting-labels', 0]] },
      { split: 'valid', lines: [`${word()}\tO\r`, ''], faults: [['carriage-return', 0]] },
      { split: 'valid', lines: [`${word()}\tB-MISC`, ''] },
      { split: 'test', lines: scored },
      { split: 'test', lines: [`${word()}\tB-GENE`, ''], faults: [['type-not-in-train', 0]] },
      { split: 'test', lines: good().slice(0, -1), faults: [['no-final-blank-line', 2]] },
    ],
    {
      ...Object.fromEntries(
        await Promise.all(
          ['a.png', 'b.png', 'c.png', 'd.png', 'once.png', 'both.png', 'nothing.png', 'stray.png'].map(
            async name => [name, await noise().png().toBuffer()] as const,
          ),
        ),
      ),
      'broken.jpg': jpeg.subarray(0, jpeg.length / 2),
      'tiny.png': await noise(48, 31).png().toBuffer(),
      'png.jpg': await noise().png().toBuffer(),
      'png-too.jpg': await noise().png().toBuffer(),
      'twin.png': picture,
      'twin-again.png': picture,
      'here.png': everywhere,
      'there.png': everywhere,
      'notes.txt': Buffer.from('no picture'),
    },
    [
      ['broken-picture', 'broken.jpg'],
      ['tiny-picture', 'tiny.png'],
      ['mislabelled-picture', 'png.jpg'],
      ['mislabelled-picture', 'png-too.jpg'],
      ['duplicate-picture', 'twin-again.png'],
      ['picture-across-splits', 'there.png'],
      ['unnamed-picture', 'stray.png'],
    ],
  )
}

const json = (post: object): string => JSON.stringify(post)

/** One JSONL folder with every fault of such files, each once. */
export async function faultyJsonl(): Promise<FaultyFolder> {
  const [name, place] = [word(), word()]
  const tokens = [name, place]
  const text = `${word()} ${word()}`
  const own = (): string[] => [word(), word()]
  return faultyFolder('.jsonl', [
    { split: 'train', lines: [json({ id: 1, tokens, labels: ['B-PER', 'B-LOC'] }), ''] },
    {
      split: 'train',
      lines: [json({ id: 2, text, entities: [{ type: 'OTHER', start: 0, end: 4 }] })],
      faults: [['other-type', 0]],
    },
    {
      split: 'train',
      lines: ['{"id": 3', json({ id: 4, tokens: own(), labels: ['O'] })],
      faults: [
        ['unreadable-line', 0],
        ['unreadable-line', 1],
      ],
    },
    {
      split: 'train',
      lines: [json({ id: 5, tokens: own(), labels: ['O', 'Q-PER'] })],
      faults: [['label-outside-scheme', 0]],
    },
    {
      split: 'train',
      lines: [json({ id: 6, tokens: own(), labels: ['O', 'I-PER'] })],
      faults: [['orphan-inside', 0]],
    },
    {
      split: 'train',
      lines: [json({ id: 7, tokens: [], labels: [] }), json({ id: 8, text: ' ' })],
      faults: [
        ['empty-post', 0],
        ['empty-post', 1],
      ],
    },
    {
      split: 'train',
      lines: [json({ id: 9, tokens: own(), labels: ['O', 'O'], image: '../a.png' })],
      faults: [['picture-name', 0]],
    },
    {
      split: 'train',
      lines: [9, 8].map(
        end => `{"id": 123456789012345678${end}, "tokens": ["${word()}"], "labels": ["B-MISC"]}`,
      ),
      faults: [
        ['rounded-id', 0],
        ['rounded-id', 1],
      ],
    },
    {
      split: 'train',
      lines: [json({ id: '1', tokens: own(), labels: ['O', 'O'] })],
      faults: [
        ['ambiguous-id', 0],
        ['duplicate-id', 0],
      ],
    },
    {
      split: 'train',
      lines: [
        json({ id: 14, text: 'Rob naps', entities: [{ type: 'PER', start: 0, end: 2 }] }),
        json({ id: 15, text: 'a Rob', entities: [{ type: 'PER', start: 1, end: 5 }] }),
        json({ id: 16, text: 'Ada naps', entities: [{ type: 'PER', start: 0, end: 3, text: 'Bob' }] }),
      ],
      faults: [0, 1, 2].map(line => ['misplaced-entity', line]),
    },
    {
      split: 'train',
      lines: [17, 18].map(id => json({ id, tokens: own(), labels: ['O', 'O'], mood: 'fine' })),
      faults: [['unknown-field', 0]],
    },
    {
      split: 'train',
      lines: [
        json({ id: 19, tokens: own(), tags: ['O', 'O'] }),
        json({ id: 20, tokens: own(), img: 'a.png' }),
      ],
      faults: [
        ['unreadable-line', 0],
        ['unreadable-line', 1],
      ],
    },
    { split: 'train', lines: [json({ id: 11, tokens: own() })], faults: [['unlabelled-post', 0]] },
    {
      split: 'train',
      lines: [Buffer.from('{"id": 12, "text": "caf\xe9"}', 'latin1')],
      faults: [['not-utf8', 0]],
    },
    {
      split: 'valid',
      lines: [json({ id: 13, tokens, labels: ['B-PER', 'O'] })],
      faults: [['conflicting-labels', 0]],
    },
    {
      split: 'test',
      lines: [json({ id: 2, tokens: own(), labels: ['B-LOC', 'B-MISC'] })],
      faults: [['id-across-splits', 0]],
    },
  ])
}
