import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readExamples } from '@mafjs/data'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { formatSizes } from '../posts-en/format-sizes'
import { noCuts, recut } from '../posts-en/recut'
import { labelledTypes, SOURCES, type Source } from '../posts-en/sources'
import { writePosts } from '../posts-en/write-posts'

const DATA = join(import.meta.dirname, '../../../shared/data/open-ner')
const isHere = existsSync(DATA)
if (!isHere) console.warn('SKIPPED: the open sets of posts, for want of ../shared/data')

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'maf-posts-en-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

/** `word/LABEL ...`; without a label it is O. */
const labelled = (text: string) => {
  const pairs = text.split(' ').map(token => token.split('|'))
  return { words: pairs.map(([word]) => word!), labels: pairs.map(([, label = 'O']) => label) }
}
const shown = (text: string, options = {}): string => {
  const { words, labels } = recut(labelled(text), noCuts(), options)
  return words.map((word, i) => (labels[i] === 'O' ? word : `${word}|${labels[i]}`)).join(' ')
}

describe('cutting anew', () => {
  it.each([
    // Both of the name's tokens are labelled, or the name alone; of a tag too.
    ['@|B-PER ada_1|B-PER sings', '@ada_1|B-PER sings'],
    ['RT @ ada|B-PER : # Oslo|B-LOC', 'RT @ada|B-PER : #Oslo|B-LOC'],
    ['#|B-PER ada|I-PER', '#ada|B-PER'],
    // An "at".
    ['@ Oslo|B-LOC', '@ Oslo|B-LOC'],
    ['@ Ada|B-PER Berg|I-PER @ 7', '@ Ada|B-PER Berg|I-PER @ 7'],
    // Handles cut at their underscores: sure in a retweet alone.
    ['RT @ ab|B-PER _ cd _ : hi', 'RT @ab_cd_|B-PER : hi'],
    ['hi @ ab|B-PER _ cd', 'hi @ ab|B-PER _ cd'],
    // What follows a tag in its token is none of it, unless the entity goes on.
    ["#Oslo's|B-LOC", "#Oslo|B-LOC ' s"],
    ['@ada.|B-PER x|I-PER', '@ada|B-PER .|I-PER x|I-PER'],
    ["U.S.|B-LOC do n't ... gon na", "U|B-LOC .|I-LOC S|I-LOC .|I-LOC don ' t . . . gonna"],
    ['R & amp ; B ️', 'R &amp ; B'],
  ])('%s', (before, after) => {
    expect(shown(before, { apart: true })).toBe(after)
  })

  it('leaves @ and # apart in a file that writes handles whole', () => {
    expect(shown('Ada|B-PER @ home # 1')).toBe('Ada|B-PER @ home # 1')
  })
})

describe('the sets', () => {
  it('have all types but Broad Twitter, which labels no MISC', () => {
    expect(SOURCES.map(labelledTypes)).toEqual([['PER', 'LOC', 'ORG'], undefined, undefined, undefined])
    expect(Object.fromEntries(SOURCES[1]!.types)).toEqual({
      ...{ person: 'PER', location: 'LOC', corporation: 'ORG', group: 'ORG' },
      ...{ product: 'MISC', 'creative-work': 'MISC' },
    })
  })

  const rest = { title: '', licence: '', repository: '', attribution: '' }
  const whole = { train: { file: 'a' }, valid: { file: 'b' }, test: { file: 'c' } }
  const first: Source = { ...rest, name: 'one', splits: whole, types: new Map([['PER', 'PER']]) }
  const stretches = { train: [0, 0.5], valid: [0.5, 0.75], test: [0.75, 1] } as const
  const second: Source = {
    ...rest,
    name: 'two',
    scheme: 'iob1',
    splits: {
      train: { file: 'd', stretch: stretches.train },
      valid: { file: 'd', stretch: stretches.valid },
      test: { file: 'd', stretch: stretches.test },
    },
    types: new Map([
      ['person', 'PER'],
      ['place', 'LOC'],
      ['group', 'ORG'],
      ['song', 'MISC'],
    ]),
  }
  const file = async (set: string, name: string, ...posts: string[]) => {
    await mkdir(join(folder, set), { recursive: true })
    const lines = posts.map(text => {
      const { words, labels } = labelled(text)
      return words.map((word, i) => `${word}\t${labels[i]}\n`).join('')
    })
    await writeFile(join(folder, set, name), lines.join('\n'))
  }

  it('are written with their types and silences, and without what stands twice, deterministically', async () => {
    const repeated = 'a long walk by the river with friends'
    await file('one', 'a', `RT @x : ${repeated}`, 'Ada|B-PER sleeps on the train today', 'thanks @a')
    await file('one', 'b', `${repeated} http://t.co/1`, 'thanks @b')
    await file('one', 'c', `@y ${repeated.toUpperCase()} !`, 'thanks @a')
    const song = 'Oslo|I-place hums the Blue|I-song Song|I-song all day'
    await file('two', 'd', song, 'nothing here to see at all', 'one thing', `${repeated} again`)
    const given = { data: folder, sources: [first, second] }
    const written = await writePosts({ ...given, out: join(folder, 'out'), handles: 'unlabelled' })
    const read = async (name: string) =>
      (await readFile(join(folder, 'out', name), 'utf8'))
        .split('\n')
        .filter(line => line !== '')
        .map(line => JSON.parse(line))
    const train = await read('train.jsonl')
    expect(train.map(({ id }) => id)).toEqual(['one-train-13', 'two-train-1', 'two-train-9'])
    expect(train[0]).toMatchObject({ labelledTypes: ['PER'] })
    expect(train[1].labels).toEqual(['B-LOC', 'O', 'O', 'B-MISC', 'I-MISC', 'O', 'O'])
    expect(train[1]).not.toHaveProperty('labelledTypes')
    expect((await read('valid.jsonl')).map(({ tokens }) => tokens[0])).toEqual(['thanks', 'one'])
    const test = await read('one/test.jsonl')
    expect(test.map(({ unlabelledTokens }) => unlabelledTokens)).toEqual([[0], [1]])
    expect(await read('two/test.jsonl')).toEqual([])
    expect(written.leftOut).toEqual([
      { from: 'one/train', kept: 'one/test', count: 2 },
      { from: 'one/valid', kept: 'one/test', count: 1 },
      { from: 'two/test', kept: 'one/test', count: 1 },
    ])
    expect(formatSizes(written)).toContain('3 -> 1')

    const again = await writePosts({ ...given, out: join(folder, 'again'), handles: 'as labelled' })
    expect(again).toEqual(written)
    const text = await readFile(join(folder, 'again/one/test.jsonl'), 'utf8')
    expect(text).toBe(
      (await readFile(join(folder, 'out/one/test.jsonl'), 'utf8')).replace(/,"unlabelledTokens":\[\d\]/g, ''),
    )
  })

  it('refuse a type that their table does not know', async () => {
    await file('one', 'a', 'Ada|B-DOG')
    const options = {
      data: folder,
      sources: [first],
      out: join(folder, 'no'),
      handles: 'unlabelled' as const,
    }
    await expect(writePosts(options)).rejects.toThrow(/one must have entities of PER. Received: "?B-DOG/)
  })

  it.skipIf(!isHere)(
    'lose no entity, and open each with B-',
    async () => {
      const { sizes } = await writePosts({ data: DATA, out: join(folder, 'real'), handles: 'unlabelled' })
      const entities = (set: string) =>
        sizes
          .filter(size => size.set === set)
          .map(({ before }) => Object.values(before.entities).reduce((a, b) => a + b))
      expect(entities('tweebank-ner')).toEqual([979, 425, 750])
      expect(entities('wikigold').reduce((a, b) => a + b)).toBe(3558)
      for (const split of ['train', 'valid']) {
        const { report } = await readExamples(join(folder, 'real', `${split}.jsonl`))
        expect(report.orphans).toBe(0)
      }
    },
    60_000,
  )
})
