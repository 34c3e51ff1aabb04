import { preTokenizers, type TokenizerJson, type TokenizerPart } from './tokenizer-json'

/**
 * The same tokenizer, which cuts every text as one that follows a space. Tokenizers that mark the beginning of a word
 * (`Ġ` of RoBERTa, `▁` of XLM-R) may leave the first of a text unmarked, since no space stands before it; a word of a
 * sentence by itself would then be cut as if it were the inside of a word. Hugging Face's own tokenizers ask for
 * `add_prefix_space` where a sentence is given in words.
 */
export function atWordStart(tokenizer: TokenizerJson): TokenizerJson {
  const parts = preTokenizers(tokenizer)
  const marked = parts.map(markStart)
  if (marked.every((part, i) => part === parts[i])) return tokenizer
  const pre_tokenizer = marked.length === 1 ? marked[0] : { type: 'Sequence', pretokenizers: marked }
  return { ...tokenizer, pre_tokenizer }
}

function markStart(part: TokenizerPart): TokenizerPart {
  if (part.type === 'ByteLevel' && part['add_prefix_space'] !== true) {
    return { ...part, add_prefix_space: true }
  }
  // Older files have no scheme and mean this one.
  if (part.type === 'Metaspace' && (part['prepend_scheme'] ?? 'always') !== 'always') {
    return { ...part, prepend_scheme: 'always' }
  }
  return part
}
