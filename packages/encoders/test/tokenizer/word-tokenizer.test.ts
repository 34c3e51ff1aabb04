import { describe, expect, test } from 'vitest'
import { parseMerges, tokenizerFromMerges } from '../../src/tokenizer/tokenizer-from-merges'
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
    const levels = { model: { type: 'WordLevel', vocab: {} } }
    expect(() => createWordTokenizer({ tokenizer: levels })).toThrow(/WordPiece, BPE or Unigram.*: WordLevel/)
    const bpe = { model: { type: 'BPE', vocab: {} } }
    expect(() => createWordTokenizer({ tokenizer: bpe })).toThrow(/ByteLevel pre-tokenizer.*Received: none/)
    const unigram = { model: { type: 'Unigram', vocab: {} }, pre_tokenizer: { type: 'Metaspace' } }
    expect(() => createWordTokenizer({ tokenizer: unigram })).toThrow(/and its vocab. Received: Unigram/)
  })
  test('refuses a word that is no string, and a length without room', () => {
    expect(() => tokenizer.encodeWords(['a', undefined as unknown as string])).toThrow(/words\[1\]/)
    expect(() => createWordTokenizer({ tokenizer: tokenizer.definition, maxLength: 2 })).toThrow(/at least 3/)
  })
})

describe('tokenizers of RoBERTa', () => {
  const bytes = ['<s>', '<pad>', '</s>', '<unk>', 'Ġ', '<', 's', '>', '/', 'a', '<mask>']
  const vocab = { ...Object.fromEntries(bytes.map((token, at) => [token, at])), Ġa: 11, 'Ġ<': 12 }
  const merges = ['Ġ a', 'Ġ <']
  const roberta = tokenizerFromMerges({ vocab, merges, maxLength: 16 })

  test('mark every word, also the first, but leave running text as it is', () => {
    expect(roberta.encodeWords(['a', 'as', '']).ids).toEqual([0, 11, 11, 6, 3, 2])
    expect(roberta.encodeWords(['a', 'as', ''])).toMatchObject({ firstPieces: [1, 2, 4], unknown: [2] })
    expect(roberta.encodeText('a a')).toEqual([0, 9, 11, 2])
    expect(roberta.encodeText('a', 'a')).toEqual([0, 9, 2, 2, 9, 2])
    const prefixed = tokenizerFromMerges({ vocab, merges, addPrefixSpace: true })
    expect(prefixed.encodeText('a a')).toEqual([0, 11, 11, 2])
  })

  test('read typed control tokens as text', () => {
    expect(roberta.encodeWords(['<s>', '</s>']).ids).toEqual([0, 12, 6, 7, 12, 8, 6, 7, 2])
    const unigram = {
      model: {
        type: 'Unigram',
        unk_id: 3,
        vocab: ['<s>', '<pad>', '</s>', '<unk>', '▁', 'a'].map((token, at) => [token, -at] as const),
      },
      pre_tokenizer: { type: 'Metaspace', replacement: '▁', prepend_scheme: 'always' },
    }
    expect(createWordTokenizer({ tokenizer: unigram }).encodeWords(['a', '<s>']).ids).toEqual([
      0, 4, 5, 4, 3, 2,
    ])
  })

  test('refuse a line of merges that is no pair', () => {
    expect(parseMerges('#version: 0.2\nĠ a\n#version b\n')).toEqual(['Ġ a', '#version b'])
    expect(() => tokenizerFromMerges({ vocab, merges: ['Ġ a', 'Ġa'] })).toThrow(
      /^merges\[1\] must be two tokens/,
    )
  })
})

test('a table of replacements that is cut off is named', () => {
  const { model } = tokenizer.definition
  const normalizer = {
    type: 'Sequence',
    normalizers: [{ type: 'Precompiled', precompiled_charsmap: 'AAEAAAAA' }],
  }
  expect(() => createWordTokenizer({ tokenizer: { model, normalizer } })).toThrow(
    /precompiled_charsmap must hold a whole table in base64\. Received: 6 bytes, 256 of them announced/,
  )
})

describe('a part that is not known, or runs without end', () => {
  const { model } = tokenizer.definition
  const unigram = {
    type: 'Unigram',
    vocab: [
      ['<s>', 0],
      ['<pad>', 0],
      ['</s>', 0],
      ['<unk>', 0],
    ] as [string, number][],
  }
  const marks = { type: 'Metaspace' }
  test.each<[string, object, RegExp]>([
    ['a normalizer', { model, normalizer: { type: 'Nmt' } }, /normalizer must be one of .*Received: Nmt/],
    ['a pre-tokenizer', { model, pre_tokenizer: { type: 'UnicodeScripts' } }, /pre_tokenizer must be one of/],
    [
      'an expression that backtracks',
      { model, pre_tokenizer: { type: 'Split', pattern: { Regex: '(a+)+$' }, behavior: 'Isolated' } },
      /one character or class.*Received: \(a\+\)\+\$/,
    ],
    [
      'two repetitions',
      { model, normalizer: { type: 'Replace', pattern: { Regex: 'a+a+' }, content: '' } },
      /Received: a\+a\+/,
    ],
    [
      'chance',
      { model: { type: 'BPE', vocab: { a: 0 }, dropout: 0.1 }, pre_tokenizer: { type: 'ByteLevel' } },
      /dropout must be 0/,
    ],
    [
      'an unknown token beyond the vocabulary',
      { model: { ...unigram, unk_id: 4 }, pre_tokenizer: marks },
      /unk_id must be an id of its vocab/,
    ],
    [
      'an id that no table has',
      { model: { ...model, vocab: { a: 2 ** 31 } } },
      /a whole number for every token/,
    ],
    [
      'an id that only an enormous table has',
      { model, added_tokens: [{ id: 2 ** 20, content: 'x' }] },
      /leave out more ids than it has tokens.*ids up to 1048576/,
    ],
    [
      'a token of a megabyte, beside the vocabulary',
      { model, added_tokens: [{ id: 5, content: 'a'.repeat(1e6) }] },
      /an id and a content, of at most 1000 letters/,
    ],
    [
      'a field that a part has not',
      { model, normalizer: { type: 'Lowercase', locale: 'tr' } },
      /normalizer must have no other fields than type\. Received: locale/,
    ],
    [
      'a field that its model has not',
      { model: { ...model, fuse_spaces: true } },
      /model must have no other fields than .*Received: fuse_spaces/,
    ],
    ['a section of its own', { model, detector: {} }, /must have no other fields .*Received: detector/],
    [
      'a type that is no text',
      { model, normalizer: { type: { toString: 1 } } },
      /normalizer must be one of .*Received: \{"toString":1\}/,
    ],
    [
      'a token of nothing',
      { model: { ...unigram, vocab: [...unigram.vocab, null] }, pre_tokenizer: marks },
      /a score in a list\. Received: nothing/,
    ],
    [
      'a merge of three',
      {
        model: { type: 'BPE', vocab: { a: 0 }, merges: [['a', 'b', 'c']] },
        pre_tokenizer: { type: 'ByteLevel' },
      },
      /merges must be a list of texts, or of pairs/,
    ],
    [
      'a replacement of a megabyte',
      {
        model,
        normalizer: {
          type: 'Precompiled',
          precompiled_charsmap: Buffer.concat([
            Buffer.from([4, 0, 0, 0, 0, 0, 0, 0]),
            Buffer.alloc(2 ** 20, 97),
            Buffer.alloc(1),
          ]).toString('base64'),
        },
      },
      /after at most 256 bytes\. Received: 1048576 bytes/,
    ],
  ])('%s is refused', (_, definition, message) => {
    expect(() => createWordTokenizer({ tokenizer: definition as typeof tokenizer.definition })).toThrow(
      message,
    )
  })

  test('a word of 100,000 letters is cut by every model before the test runs out of time', () => {
    const word = 'ab'.repeat(50_000)
    const own = createWordTokenizer({
      tokenizer: {
        model: {
          ...unigram,
          unk_id: 3,
          vocab: [...unigram.vocab, ['▁', -3], ['a', -2], ['ab', -1], ['b', -2]],
        },
        pre_tokenizer: marks,
      },
    })
    expect(own.encodeText(word)).toHaveLength(50_003)
    const bytes = createWordTokenizer({
      tokenizer: {
        model: {
          type: 'BPE',
          vocab: { '<s>': 0, '<pad>': 1, '</s>': 2, '<unk>': 3, Ġ: 4, a: 5, b: 6, ab: 7 },
          merges: ['a b'],
          unk_token: '<unk>',
        },
        pre_tokenizer: { type: 'ByteLevel', add_prefix_space: true },
      },
    })
    expect(bytes.encodeText(word)).toEqual([0, 4, ...Array(50_000).fill(7), 2])
    const pieces = structuredClone(tokenizer.definition)
    pieces.model['max_input_chars_per_word'] = 1_000_000
    expect(createWordTokenizer({ tokenizer: pieces }).encodeText('ab'.repeat(10)).slice(1, -1)).toEqual([
      id('[UNK]'),
    ])
  })
})
