import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { loadPicture, tokenizerFromVocab } from '@mafjs/encoders'
import type { Work } from './work'

/** A post of the work: the vocabulary it is cut with, and its words. */
export interface PreprocessPost {
  vocab: string[]
  words: string[]
}

/** Decodes a picture and cuts a text into pieces; the tokenizer remembers no word, as if all were new. */
export async function createPreprocess(folder: string, stem: string): Promise<Work> {
  const { vocab, words } = JSON.parse(await readFile(join(folder, `${stem}.json`), 'utf8')) as PreprocessPost
  const picture = await readFile(join(folder, `${stem}.jpg`))
  const tokenizer = tokenizerFromVocab(vocab, { lowercase: false, cacheSize: 0 })
  return {
    run: async () => {
      await loadPicture(picture)
      tokenizer.encodeWords(words)
    },
    compare: async () => {
      throw new Error('Preprocessing has nothing to be compared with.')
    },
  }
}
