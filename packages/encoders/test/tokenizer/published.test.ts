import { existsSync, readFileSync } from 'node:fs'
import { beforeAll, describe, expect, test } from 'vitest'
import { parseVocab, tokenizerFromVocab } from '../../src/tokenizer/tokenizer-from-vocab'
import { createWordTokenizer, type WordTokenizer } from '../../src/tokenizer/word-tokenizer'

const shared = new URL('../../../../../shared/', import.meta.url)
const needed = [
  'models/vocab/bert-base-cased-vocab.txt',
  'vectors/wordpiece.json',
  'data/wordpiece-tweets.json',
]
const missing = needed.filter(path => !existsSync(new URL(path, shared)))
if (missing.length > 0) {
  console.warn(
    `SKIPPED: WordPiece against published vectors and tweets, for want of ../shared/${missing.join(', ')}`,
  )
}
const read = (path: string): string => readFileSync(new URL(path, shared), 'utf8')

describe.skipIf(missing.length > 0)('published tokenisations', () => {
  let cased: WordTokenizer
  let uncased: WordTokenizer
  beforeAll(() => {
    const fromVocab = (name: string, lowercase: boolean) =>
      tokenizerFromVocab(parseVocab(read(`models/vocab/bert-base-${name}-vocab.txt`)), { lowercase })
    cased = fromVocab('cased', false)
    uncased = fromVocab('uncased', true)
  })

  test('every vector of bert-base', () => {
    interface Vector {
      text: string
      text_pair?: string
      ids: number[]
    }
    const models: Record<string, Record<string, Vector>> = JSON.parse(read('vectors/wordpiece.json'))
    const vectors = Object.entries(models).flatMap(([model, cases]) =>
      Object.entries(cases).map(([name, vector]) => ({ name: `${model} ${name}`, vector })),
    )
    expect(vectors.length).toBeGreaterThan(35)
    for (const { name, vector } of vectors) {
      const tokenizer = name.includes('uncased') ? uncased : cased
      expect(tokenizer.encodeText(vector.text, vector.text_pair), name).toEqual(vector.ids)
    }
  })

  test('300 tweets word by word', () => {
    const { rows } = JSON.parse(read('data/wordpiece-tweets.json')) as {
      rows: { words: string[]; cased: number[][]; uncased: number[][] }[]
    }
    expect(rows).toHaveLength(300)
    for (const { words, ...pieces } of rows) {
      for (const [name, tokenizer] of Object.entries({ cased, uncased })) {
        const expected = pieces[name as 'cased' | 'uncased']
        const { cls, sep, unk } = tokenizer.specialIds
        const { ids, firstPieces, unknown, cut } = tokenizer.encodeWords(words)
        const kept = expected.map(word => (word.length > 0 ? word : [unk]))
        expect(ids, words.join(' ')).toEqual([cls, ...kept.flat(), sep])
        expect(firstPieces.map((at, i) => ids.slice(at, at + kept[i]!.length))).toEqual(kept)
        expect(unknown).toEqual(expected.flatMap((word, i) => (word.length === 0 ? [i] : [])))
        expect(cut).toEqual([])
      }
    }
  })

  test('tokenizer.json and vocab.txt make the same tokenizer', () => {
    const tokenizer = createWordTokenizer({
      tokenizer: JSON.parse(read('models/vocab/wordpiece-uncased/tokenizer.json')),
    })
    const { rows } = JSON.parse(read('data/wordpiece-tweets.json')) as { rows: { words: string[] }[] }
    for (const { words } of rows.slice(0, 100)) {
      expect(tokenizer.encodeWords(words)).toEqual(uncased.encodeWords(words))
    }
    expect(tokenizer.specialIds).toEqual({ cls: 101, sep: 102, unk: 100, pad: 0 })
  })
})
