import { asText } from '@mafjs/tensor/json'
import type { TokenizerJson } from '../tokenizer-json'

/** Cuts one piece of text, which no pre-tokenizer takes apart further, into ids. */
export type Encode = (text: string) => number[]

/** WordPiece: the longest beginning that the vocabulary has, again and again; a word that leaves a rest is unknown as a whole. */
export function wordPiece(
  { model }: TokenizerJson,
  vocab: ReadonlyMap<string, number>,
  unknown: number,
): Encode {
  const prefix = asText(model['continuing_subword_prefix'] ?? '##')
  const most = Number(model['max_input_chars_per_word'] ?? 100)
  const longest = Array.from(vocab.keys()).reduce((most, token) => Math.max(most, token.length), 0)
  return text => {
    // No word of so many units has that few characters: no long one is taken apart to be counted.
    if (text.length > 2 * most) return [unknown]
    const characters = Array.from(text)
    if (characters.length > most) return [unknown]
    const ids: number[] = []
    for (let start = 0; start < characters.length; ) {
      let end = Math.min(characters.length, start + longest)
      let id: number | undefined
      for (; end > start; end--) {
        const part = characters.slice(start, end).join('')
        id = vocab.get(start > 0 ? prefix + part : part)
        if (id !== undefined) break
      }
      if (id === undefined) return [unknown]
      ids.push(id)
      start = end
    }
    return ids
  }
}
