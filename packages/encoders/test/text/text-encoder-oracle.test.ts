import { readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { valueAndGradients } from '@mafjs/tensor'
import { registerGradients } from '@mafjs/tensor/gradients'
import * as tf from '@tensorflow/tfjs-core'
import '@tensorflow/tfjs-backend-cpu'
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { loadTextEncoder } from '../../src/checkpoint/load-text-encoder'
import { loadTokenizer } from '../../src/checkpoint/load-tokenizer'
import { createTokenBatch } from '../../src/text/token-batch'
import { createWordTokenizer, type WordTokenizer } from '../../src/tokenizer/word-tokenizer'

/** The kinds, a RoBERTa with the tokenizer of BERTweet, and a DeBERTa with all that the newer ones do without. */
const WITH_FIXTURES = [
  'bert',
  'roberta',
  'xlm-roberta',
  'camembert',
  'distilbert',
  'electra',
  'bertweet',
  'modernbert',
  'deberta-v2',
  'deberta-v2-convolution',
] as const

/** What `make-text-encoders.py` computed with Hugging Face's own library. */
interface Expected {
  sentences: string[][]
  /** The ids of every word of every sentence; none for a word that becomes nothing. */
  pieces: number[][][]
  /** The framed sentences. */
  ids: number[][]
  texts: { text: string; ids: number[] }[]
  pair: { texts: [string, string]; ids: number[] }
  /** `[batch, positions, hidden]` */
  states: number[][][]
  /** `[batch, hidden]`, null where the model has no pooler. */
  pooled: number[][] | null
}

const folderOf = (kind: string) =>
  fileURLToPath(new URL(`../fixtures/text-encoders/${kind}`, import.meta.url))
const read = (kind: string, file: string) => JSON.parse(readFileSync(join(folderOf(kind), file), 'utf8'))

beforeAll(async () => {
  await tf.setBackend('cpu')
  registerGradients()
})

const deviation = (actual: tf.Tensor, expected: tf.TensorLike): number =>
  tf.max(tf.abs(tf.sub(actual, tf.tensor(expected)))).dataSync()[0]!

function checkTokenizer(tokenizer: WordTokenizer, { sentences, pieces, ids, texts, pair }: Expected): void {
  for (const [i, words] of sentences.entries()) {
    const encoded = tokenizer.encodeWords(words)
    const kept = pieces[i]!.map(word => (word.length > 0 ? word : [tokenizer.specialIds.unk]))
    expect(encoded.ids, words.join(' ')).toEqual(ids[i])
    expect(encoded.firstPieces.map((at, word) => encoded.ids.slice(at, at + kept[word]!.length))).toEqual(
      kept,
    )
    expect(encoded.unknown).toEqual(pieces[i]!.flatMap((word, at) => (word.length === 0 ? [at] : [])))
  }
  for (const { text, ids: framed } of texts) expect(tokenizer.encodeText(text), text).toEqual(framed)
  expect(tokenizer.encodeText(...pair.texts)).toEqual(pair.ids)
}

describe.each(WITH_FIXTURES)('%s is that of Hugging Face', kind => {
  const expected: Expected = read(kind, 'expected.json')
  const summary = expected.pooled ? 'pooler' : 'cls'

  test('states and summary, padding among them', async () => {
    const { encoder, tokenizer } = await loadTextEncoder(folderOf(kind), { summary })
    const { vocabSize, specialIds } = tokenizer
    const batch = createTokenBatch(expected.ids, { vocabSize, padId: specialIds.pad })
    expect(batch.mask.arraySync().flat()).toContain(0)
    const encoding = encoder.apply(batch)
    // What stands at padding is read by nobody, and of no kind's own where positions are relative.
    const counted = /modernbert|deberta/.test(kind) ? tf.expandDims(batch.mask, 2) : tf.scalar(1)
    const [actual, states] = [encoding.states, tf.tensor(expected.states)].map(all => tf.mul(all, counted))
    expect(deviation(actual!, states!.arraySync())).toBeLessThan(1e-5)
    const wanted = expected.pooled ?? expected.states.map(([first]) => first!)
    expect(deviation(encoding.summary, wanted)).toBeLessThan(1e-5)
  })

  test('ids, word by word and of running text', async () => {
    const { tokenizer } = await loadTokenizer(folderOf(kind))
    checkTokenizer(tokenizer, expected)
    // A saved model has nothing but this.
    checkTokenizer(createWordTokenizer({ tokenizer: tokenizer.definition }), expected)
  })

  test('every parameter has a gradient', async () => {
    const { encoder } = await loadTextEncoder(folderOf(kind), { summary })
    const inputs = createTokenBatch(expected.ids, { vocabSize: 1000, padId: encoder.config.padId })
    const loss = () => {
      const { states, summary } = encoder.apply(inputs)
      return tf.add(tf.sum(tf.square(states)), tf.sum(tf.square(tf.sub(summary, 1)))) as tf.Scalar
    }
    const { gradients } = valueAndGradients(loss, encoder.parameters())
    expect(Object.keys(gradients).sort()).toEqual(Object.keys(encoder.parameters()).sort())
    const largest = (gradient: tf.Tensor): number => tf.max(tf.abs(gradient)).dataSync()[0]!
    for (const [name, gradient] of Object.entries(gradients)) {
      // A key's bias adds the same to every score of a query, which the softmax takes out.
      if (!name.endsWith('key.bias')) expect(largest(gradient), name).toBeGreaterThan(1e-4)
    }
    const { padId } = encoder.config
    const words = gradients['embeddings.word_embeddings.weight']!
    expect(largest(tf.slice(words, [padId, 0], [1, words.shape[1]!]))).toBe(0)
  })
})

test('the padding of RoBERTa stands at a place of its own, which is not trained', async () => {
  const { encoder } = await loadTextEncoder(folderOf('roberta'))
  const batch = createTokenBatch(
    [
      [0, 9, 2],
      [0, 2],
    ],
    { vocabSize: 330, padId: 1 },
  )
  const loss = () => tf.sum(tf.square(encoder.apply(batch).states)) as tf.Scalar
  const { gradients } = valueAndGradients(loss, encoder.parameters())
  const trained = tf
    .max(tf.abs(gradients['embeddings.position_embeddings.weight']!), 1)
    .arraySync() as number[]
  expect(trained).toHaveLength(66)
  expect(trained.flatMap((slope, row) => (slope > 0 ? [row] : []))).toEqual([2, 3, 4])
})

test('what the checkpoints hold beyond the encoder is reported', async () => {
  const extras = await Promise.all(
    WITH_FIXTURES.map(async kind => (await loadTextEncoder(folderOf(kind))).report.extra),
  )
  const poolers = ['pooler.dense.bias', 'pooler.dense.weight']
  const [bert, roberta, xlm, camembert, distilbert, electra, , modern, deberta] = extras.map(names =>
    names.sort(),
  )
  expect(bert).toEqual(expect.arrayContaining(['cls.seq_relationship.weight', ...poolers]))
  expect(roberta).toEqual(poolers)
  expect(xlm).toEqual(['lm_head.bias', ...poolers])
  expect(camembert).toContain('lm_head.layer_norm.weight')
  expect(distilbert).toEqual(expect.arrayContaining(['vocab_transform.weight', 'vocab_layer_norm.bias']))
  expect(electra).toEqual(expect.arrayContaining(['discriminator_predictions.dense.weight']))
  expect(electra).toHaveLength(4)
  expect(modern).toEqual(['decoder.bias', 'head.dense.weight', 'head.norm.weight'])
  expect(deberta).toEqual(expect.arrayContaining(['cls.predictions.transform.dense.weight']))
})

describe('limits', () => {
  test('RoBERTa reads as many ids as its position table has rows after the padding', async () => {
    const { encoder, tokenizer } = await loadTextEncoder(folderOf('roberta'))
    expect([encoder.config.maxPositions, tokenizer.maxLength]).toEqual([64, 64])
    const longest = createTokenBatch([Array(64).fill(5)], { vocabSize: 330 })
    expect(encoder.apply(longest).states.shape).toEqual([1, 64, 16])
    await expect(loadTextEncoder(folderOf('roberta'), { maxLength: 65 })).rejects.toThrow(
      /maxLength must be at most 64, the positions that .*config\.json gives the text encoder. Received: 65/,
    )
  })

  test('DistilBERT has no pooler', async () => {
    await expect(loadTextEncoder(folderOf('distilbert'), { summary: 'pooler' })).rejects.toThrow(
      "summary must be 'cls' of kind 'distilbert'. Received: pooler. It has no pooler: take summary 'cls'",
    )
  })
})

describe('files of a tokenizer', () => {
  const folder = async (files: Record<string, string>): Promise<string> => {
    const place = await mkdtemp(join(tmpdir(), 'maf-tokenizer-'))
    onTestFinished(() => rm(place, { recursive: true, force: true }))
    await Promise.all(Object.entries(files).map(([name, text]) => writeFile(join(place, name), text)))
    return place
  }

  test('vocab.json and merges.txt make the same tokenizer as tokenizer.json', async () => {
    const { model } = read('roberta', 'tokenizer.json')
    const merges = ['#version: 0.2', ...model.merges.map((pair: string[]) => pair.join(' ')), '']
    const place = await folder({ 'vocab.json': JSON.stringify(model.vocab), 'merges.txt': merges.join('\n') })
    const { tokenizer, notes } = await loadTokenizer(place)
    checkTokenizer(tokenizer, read('roberta', 'expected.json'))
    expect(notes).toEqual([])
  })

  test.each([
    [{ 'sentencepiece.bpe.model': '' }, 'only sentencepiece.bpe.model'],
    [{ 'spm.model': '' }, 'only spm.model'],
    [{ 'vocab.json': '{}' }, 'only vocab.json'],
    [{}, 'none of them'],
  ])('%j is no tokenizer', async (files, found) => {
    await expect(loadTokenizer(await folder(files as Record<string, string>))).rejects.toThrow(
      `Received: ${found}. Copy them from where the checkpoint came from, or write tokenizer.json with Python's ` +
        'transformers: AutoTokenizer.from_pretrained(FOLDER).save_pretrained(FOLDER).',
    )
  })
})
