import { describe, expect, test } from 'vitest'
import { tokenizerFromVocab } from '../../src/tokenizer/tokenizer-from-vocab'
import { createWordTokenizer } from '../../src/tokenizer/word-tokenizer'

// The framing tokens stand at unusual ids, so that an assumed 101 or 0 shows.
const vocab = ['a', 'b', '##b', 'cat', '[', ']', 'sep', '[SEP]', '[UNK]', '[PAD]', '[CLS]', 'mask', '[MASK]']
const id = (token: string) => vocab.indexOf(token)
const tokenizer = tokenizerFromVocab(vocab, { lowercase: true, maxLength: 8 })

describe('encodeWords', () => {
  test('keeps the first piece of every word', () => {
    expect(tokenizer.encodeWords(['Cat', 'abb', 'b'])).toEqual({
      ids: [id('[CLS]'), id('cat'), id('a'), id('##b'), id('##b'), id('b'), id('[SEP]')],
      firstPieces: [1, 2, 5],
      unknown: [],
      cut: [],
    })
  })

  test('turns a word that becomes nothing into [UNK] and reports it', () => {
    const { ids, firstPieces, unknown } = tokenizer.encodeWords(['a', '\u200b', '', 'zzz'])
    expect(ids.slice(1, -1)).toEqual([id('a'), id('[UNK]'), id('[UNK]'), id('[UNK]')])
    expect(firstPieces).toEqual([1, 2, 3, 4])
    expect(unknown).toEqual([1, 2]) // zzz is [UNK] in its own right: the vocabulary lacks it
  })

  test('cuts whole words, and only at the end', () => {
    const { ids, firstPieces, cut } = tokenizer.encodeWords(['abb', 'a', 'abb', 'a'])
    expect(ids).toHaveLength(6)
    expect(firstPieces).toEqual([1, 4])
    expect(cut).toEqual([2, 3]) // the last word would have fitted, but its neighbour did not
    expect(tokenizer.encodeWords(['abb', 'abb']).cut).toEqual([])
  })

  test('keeps the words after one that could never fit', () => {
    const { ids, unknown, cut } = tokenizer.encodeWords(['[[[[[[[', 'cat'])
    expect(ids.slice(1, -1)).toEqual([id('[UNK]'), id('cat')])
    expect(unknown).toEqual([0])
    expect(cut).toEqual([])
  })

  test('reads typed control tokens as text', () => {
    const { ids } = tokenizer.encodeWords(['[SEP]', '[MASK]'])
    const text = [id('['), id('sep'), id(']'), id('['), id('mask'), id(']')]
    expect(ids).toEqual([id('[CLS]'), ...text, id('[SEP]')])
    expect(tokenizer.encodeText('a [SEP] b')).toEqual([
      id('[CLS]'),
      id('a'),
      ...text.slice(0, 3),
      id('b'),
      id('[SEP]'),
    ])
  })

  test('lets no control token through a tokenizer that splits at white space only', () => {
    const split = createWordTokenizer({
      tokenizer: { ...tokenizer.definition, pre_tokenizer: { type: 'WhitespaceSplit' }, normalizer: null },
    })
    expect(split.encodeWords(['[SEP]', '[PAD]', '[UNK]', 'cat']).ids.slice(1, -1)).toEqual([
      id('[UNK]'),
      id('[UNK]'),
      id('[UNK]'),
      id('cat'),
    ])
  })

  test('keeps added tokens that stand for text', () => {
    const definition = structuredClone(tokenizer.definition)
    definition.added_tokens?.push({ id: 13, content: '<user>', special: false })
    const extended = createWordTokenizer({ tokenizer: definition })
    expect(extended.encodeWords(['<user>']).ids.slice(1, -1)).toEqual([13])
    expect(extended.vocabSize).toBe(14)
    expect(tokenizer.vocabSize).toBe(13)
  })

  test('gives the same with a full cache', () => {
    const small = createWordTokenizer({ tokenizer: tokenizer.definition, cacheSize: 1 })
    const words = ['cat', 'a', 'cat', 'abb', 'a']
    const expected = createWordTokenizer({ tokenizer: tokenizer.definition, cacheSize: 0 }).encodeWords(words)
    expect(small.encodeWords(words)).toEqual(expected)
  })

  test('takes the last place of a token listed twice', () => {
    const doubled = tokenizerFromVocab([...vocab, 'cat'], { lowercase: true })
    expect(doubled.encodeWords(['cat']).ids[1]).toBe(vocab.length)
  })

  test('an empty sentence is framed', () => {
    expect(tokenizer.encodeWords([])).toEqual({
      ids: [id('[CLS]'), id('[SEP]')],
      firstPieces: [],
      unknown: [],
      cut: [],
    })
  })
})

describe('bad input', () => {
  test('names a missing framing token', () => {
    expect(() => tokenizerFromVocab(['a', '[UNK]', '[CLS]'], { lowercase: true })).toThrow(
      /Received: no \[SEP\], \[PAD\]\. Give their names/,
    )
  })
  test('refuses a tokenizer of another model by name', () => {
    const bpe = { model: { type: 'BPE', vocab: {} } }
    expect(() => createWordTokenizer({ tokenizer: bpe })).toThrow(/WordPiece.*Received: BPE/)
  })
  test('refuses a word that is no string, and a length without room', () => {
    expect(() => tokenizer.encodeWords(['a', undefined as unknown as string])).toThrow(/words\[1\]/)
    expect(() => createWordTokenizer({ tokenizer: tokenizer.definition, maxLength: 2 })).toThrow(/at least 3/)
  })
})
