import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { loadTokenizer } from '../../src/checkpoint/load-tokenizer'
import { normaliseTweet } from '../../src/tokenizer/pipeline/tweet-normalizer'

/** What `make-text-encoders.py` had BERTweet's tokenizer of Hugging Face's own library make of texts and of their words. */
interface Tweet {
  text: string
  normalised: string
  ids: number[]
}
const fixtures = new URL('../fixtures/', import.meta.url)
const tweets: Tweet[] = JSON.parse(await readFile(new URL('tweets.json', fixtures), 'utf8'))

test('tweets and their words become what transformers makes of them', () => {
  // What separates files to ASCII is white space to Python.
  const words = (text: string): string => text.replace(/[\p{White_Space}\p{Cc}]+/gu, ' ').trim()
  expect(tweets.map(({ text }) => words(normaliseTweet(text)))).toEqual(tweets.map(row => row.normalised))
})

test('and have their ids where tokenizer_config.json says so', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'maf-bertweet-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  await cp(fileURLToPath(new URL('text-encoders/bertweet', fixtures)), folder, { recursive: true })
  const config = { tokenizer_class: 'BertweetTokenizer', normalization: true }
  await writeFile(join(folder, 'tokenizer_config.json'), JSON.stringify(config))
  const { tokenizer, notes } = await loadTokenizer(folder)
  expect(tweets.map(({ text }) => tokenizer.encodeText(text).slice(1, -1))).toEqual(
    tweets.map(({ ids }) => ids),
  )
  expect(notes).toEqual([expect.stringMatching(/emoji keep their own form/)])
})

test('a text made to be looked through again and again is done at once', () => {
  // Where a run could be cut in every way, one of these would take longer than there is time.
  for (const part of ['!?', '(a', '<a', '(!)', 'a.', "a-'", '1 ', 'a.b-', '&a', '@']) {
    expect(normaliseTweet(`http://${part.repeat(50_000)}`)).not.toBe('')
    expect(normaliseTweet(`http:${part.repeat(400)}`)).not.toBe('')
  }
})
