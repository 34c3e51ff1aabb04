import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { TokenizerJson } from '../../src/tokenizer/tokenizer-json'
import { createWordTokenizer } from '../../src/tokenizer/word-tokenizer'

// What PyPI's tokenizers makes of words of all scripts, by make-fuzz.py.
const path = process.env['MAF_TOKENIZER_FUZZ'] ?? new URL('fixtures/fuzz.json', import.meta.url)
const { words, kinds } = JSON.parse(readFileSync(path, 'utf8')) as {
  words: string[]
  kinds: Record<string, { tokenizer: TokenizerJson; ids: number[][] }>
}

/**
 * Marks that Unicode added after version 8, and letters that it takes apart since: Hugging Face's library does not know them as
 * such. None is of a script that people tweet in.
 */
const NEWER = /[\u07fd\u0897-\u089f\u08ca-\u08e1\u09fe\u0d00\u0eba\u{105c9}\u{105e4}]/u

test.each(Object.entries(kinds))('%s cuts every word as Hugging Face does', (_, { tokenizer, ids }) => {
  const { encodeText } = createWordTokenizer({ tokenizer, cacheSize: 0 })
  const wrong = words.flatMap((word, i) => {
    const own = encodeText(word).slice(1, -1)
    return own.join() === ids[i]!.join() || NEWER.test(word) ? [] : [{ word, own, theirs: ids[i] }]
  })
  expect(words.length).toBeGreaterThanOrEqual(400)
  expect(wrong).toEqual([])
})
