import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { loadTokenizer } from '../../src/checkpoint/load-tokenizer'
import { tokenizerFromVocab } from '../../src/tokenizer/tokenizer-from-vocab'
import type { TokenizerJson } from '../../src/tokenizer/tokenizer-json'

// The rules are those of transformers: added_tokens_decoder before added_tokens.json, which is looked for in normalised text.

const vocab = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]', 'co', '##vid', 'rob', '@', 'user']
let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'maf-tokenizer-'))
  await put('vocab.txt', `${vocab.join('\n')}\n`)
})
afterEach(() => rm(folder, { recursive: true }))
const put = (name: string, content: unknown) =>
  writeFile(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content))
const ids = async (...words: string[]) =>
  (await loadTokenizer(folder)).tokenizer.encodeWords(words).ids.slice(1, -1)
const failure = () =>
  loadTokenizer(folder).then(
    () => 'loaded',
    error => `${error.name}: ${error.message}`,
  )

describe('added tokens', () => {
  const plain = { lstrip: false, rstrip: false, single_word: false, special: false }
  test('of added_tokens.json, found after normalisation, also within a word', async () => {
    await put('tokenizer_config.json', { do_lower_case: true })
    expect(await ids('covid')).toEqual([5, 6])
    await put('added_tokens.json', { covid: 10, '@user': 11 })
    expect(await ids('covid', 'COVID', '@user', 'robcovid')).toEqual([10, 10, 11, 7, 10])
  })

  test('of added_tokens_decoder, and from tokenizer.json with the model that is saved', async () => {
    const added_tokens_decoder = {
      0: { ...plain, content: '[PAD]', special: true, normalized: false },
      10: { ...plain, content: 'covid', normalized: true },
      11: { ...plain, content: '@user', normalized: false, single_word: true },
    }
    await put('tokenizer_config.json', {
      do_lower_case: true,
      tokenizer_class: 'BertTokenizer',
      added_tokens_decoder,
    })
    const expected = [10, 11, 8, 9, 7, 8, 9]
    const words = ['Covid', '@user', '@USER', 'rob@user']
    expect(await ids(...words)).toEqual(expected)
    const { tokenizer } = await loadTokenizer(folder)
    expect(tokenizer.vocabSize).toBe(12)
    await put('tokenizer_config.json', {})
    await put('tokenizer.json', tokenizer.definition)
    expect(await ids(...words)).toEqual(expected)
  })

  test('special ones that play no part stand for text, those that do are text', async () => {
    await put('special_tokens_map.json', { additional_special_tokens: ['<url>'], mask_token: '[MASK]' })
    await put('tokenizer_config.json', { do_lower_case: true })
    await put('added_tokens.json', { '<url>': 10 })
    expect(await ids('<url>', '[MASK]')).toEqual([10, 1, 1, 1])
  })

  test.each<[string, unknown, unknown, RegExp]>([
    ['an id of the vocabulary', { covid: 7 }, {}, /"covid" the id that follows the others, 10\. Received: 7/],
    ['a gap', { covid: 12 }, {}, /"covid" the id that follows the others, 10\. Received: 12/],
    ['another id than the vocabulary', { rob: 10 }, {}, /"rob" the id it has in the vocabulary, 7/],
    ['one id twice', { covid: 10, flu: 10 }, {}, /the id that follows|an id of its own/],
    ['no id', { covid: 'x' }, {}, /an id and a content/],
    [
      'two files that disagree',
      { covid: 11 },
      { added_tokens_decoder: { 10: { ...plain, content: 'covid' } } },
      /"covid" the id that added_tokens\.json does, 11\. Received: 10/,
    ],
  ])('with %s are refused', async (_, added, config, message) => {
    await put('added_tokens.json', added)
    await put('tokenizer_config.json', config)
    expect(await failure()).toMatch(message)
  })
})

describe('refused', () => {
  test.each<[string, object, RegExp]>([
    [
      'a class of other rules',
      { tokenizer_class: 'BertJapaneseTokenizer', word_tokenizer_type: 'mecab' },
      /tokenizer_class must be one of .*Received: BertJapaneseTokenizer/,
    ],
    [
      'a class of other files',
      { tokenizer_class: 'RobertaTokenizer' },
      /must be of the kind whose files are there/,
    ],
    [
      'a field that is not known',
      { subword_regularisation: 3 },
      /subword_regularisation must be a field that is known/,
    ],
    ['words that are never split', { never_split: ['rob'] }, /never_split must be null/],
    ['no basic tokenizer', { do_basic_tokenize: false }, /do_basic_tokenize must be true/],
  ])('%s', async (_, config, message) => {
    await put('tokenizer_config.json', config)
    expect(await failure()).toMatch(/^InvalidArgumentError/)
    expect(await failure()).toMatch(message)
  })

  test('a class that only config.json names', async () => {
    await put('config.json', { tokenizer_class: 'KoBertTokenizer' })
    expect(await failure()).toMatch(/Received: KoBertTokenizer/)
  })

  test('files that contradict each other', async () => {
    await put('tokenizer.json', tokenizerFromVocab(vocab, { lowercase: true }).definition)
    await put('tokenizer_config.json', { do_lower_case: false })
    expect(await failure()).toMatch(
      /do_lower_case must be true, as lowercase of the normalizer in tokenizer\.json/,
    )
    await put('tokenizer_config.json', { do_lower_case: true, cls_token: '[CLS]' })
    await put('special_tokens_map.json', { cls_token: '[SEP]' })
    expect(await failure()).toMatch(/cls_token must be that of special_tokens_map\.json, "\[SEP\]"/)
  })

  // transformers takes the token of tokenizer.json or that of the other file, by the class: neither is certain to be meant.
  const token = { id: 10, content: 'covid', lstrip: false, rstrip: false, single_word: false }
  const within = { ...token, normalized: true, special: false }
  test.each<[string, object, (definition: TokenizerJson) => object, RegExp]>([
    [
      'the opening token',
      { cls_token: '[MASK]' },
      d => d,
      /cls_token must be that of tokenizer\.json, \[CLS\]/,
    ],
    [
      'the unknown token',
      { unk_token: '[PAD]' },
      d => d,
      /unk_token must be that of tokenizer\.json, \[UNK\]/,
    ],
    [
      'how words are cut',
      { tokenizer_class: 'XLMRobertaTokenizer' },
      d => d,
      /tokenizer_class must be a class whose words are cut by WordPiece/,
    ],
    [
      'lower case, in a sequence',
      { do_lower_case: false },
      d => ({
        ...d,
        normalizer: { type: 'Sequence', normalizers: [{ type: 'NFD' }, { type: 'Lowercase' }] },
      }),
      /do_lower_case must be true/,
    ],
    [
      'where an added token is found',
      { added_tokens_decoder: { 10: { ...within, single_word: true } } },
      d => ({ ...d, added_tokens: [...d.added_tokens!, within] }),
      /"covid" single_word as tokenizer\.json does, false\. Received: true/,
    ],
    [
      'an id, within tokenizer.json',
      {},
      d => ({ ...d, added_tokens: [...d.added_tokens!, { ...within, content: 'rob', id: 4 }] }),
      /added token "rob" the id in its vocab, 7\. Received: 4/,
    ],
    [
      'the id of a framing token, within tokenizer.json',
      {},
      d => ({ ...d, post_processor: { type: 'BertProcessing', cls: ['[CLS]', 3], sep: ['[SEP]', 3] } }),
      /post_processor must give \[CLS\] the id in its vocab, 2\. Received: 3/,
    ],
    [
      'nothing that is known',
      {},
      d => ({ ...d, post_processor: { type: 'Llama' } }),
      /post_processor must be one of .*Received: Llama/,
    ],
  ])('files that contradict each other in %s, with the folder', async (_, config, change, message) => {
    const { definition } = tokenizerFromVocab(vocab, { lowercase: true })
    await put('tokenizer.json', definition)
    expect(await failure()).toBe('loaded')
    await put('tokenizer.json', change(definition))
    await put('tokenizer_config.json', config)
    expect(await failure()).toMatch(message)
    expect(await failure()).toContain(folder)
  })

  test.each([{ do_lower_case: 'true' }, { strip_accents: 0 }, { cls_token: 5 }])(
    'a value of another type, which would be passed over: %o',
    async config => {
      await put('tokenizer_config.json', config)
      expect(await failure()).toMatch(/InvalidArgumentError: .*tokenizer_config\.json: \w+ must/)
    },
  )

  test.each(['\n', '\r\n'])(
    'a Git LFS pointer in place of tokenizer.json, with lines that end in %j',
    async end => {
      await put(
        'tokenizer.json',
        ['version https://git-lfs.example/spec/v1', 'oid sha256:4d7a', ''].join(end),
      )
      expect(await failure()).toMatch(/tokenizer\.json must be the file itself\. Received: a Git LFS pointer/)
    },
  )
})

describe('BERTweet', () => {
  beforeEach(async () => {
    await put('vocab.txt', 'the 90\nrob 50\nro@@ 20\nHTTPURL 7\n@USER 6\n')
    await put('bpe.codes', 'r o 5\nro b</w> 4\n')
  })
  test('is read from vocab.txt and bpe.codes', async () => {
    await put('tokenizer_config.json', { tokenizer_class: 'BertweetTokenizer' })
    // "the" has no merges and is unknown letter by letter, as in transformers.
    expect(await ids('rob', 'rox', 'HTTPURL')).toEqual([5, 6, 3, ...Array(7).fill(3)])
    expect((await loadTokenizer(folder)).tokenizer.specialIds).toEqual({ cls: 0, pad: 1, sep: 2, unk: 3 })
    expect((await loadTokenizer(folder)).tokenizer.vocabSize).toBe(10)
  })
  test.each([
    ['vocab.txt', 'the\n', /vocab\.txt, line 1 must be a piece and its count/],
    ['bpe.codes', 'r o\n', /bpe\.codes, line 1 must be two pieces and their count/],
  ])('names the line of %s that is broken', async (name, content, message) => {
    await put(name, content)
    expect(await failure()).toMatch(message)
  })
})
