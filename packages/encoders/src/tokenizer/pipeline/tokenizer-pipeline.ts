import type { TokenizerJson, TokenizerPart } from '../tokenizer-json'
import { addedTokenSplitter } from './added-tokens'
import { bytePairs } from './byte-pairs'
import { normalizerOf } from './normalizers'
import { preTokenizerOf } from './pre-tokenizers'
import { unigram } from './unigram'
import { type Encode, wordPiece } from './word-piece'

function modelOf(tokenizer: TokenizerJson, unknown: number): Encode {
  const { model } = tokenizer
  if (Array.isArray(model.vocab)) return unigram(model.vocab, model.unk_id ?? unknown)
  const vocab = new Map(Object.entries(model.vocab))
  if (model.type === 'WordPiece') return wordPiece(tokenizer, vocab, unknown)
  return bytePairs(tokenizer, vocab, vocab.get(model.unk_token ?? ''))
}

/**
 * A `tokenizer.json` as a function from texts to ids, without framing: added tokens are taken out, the rest is normalised,
 * cut, and given to the model.
 *
 * @param steering ids of the tokens that steer the model: where they are typed, they are text
 * @throws InvalidArgumentError for a part of a type that is not read.
 */
export function tokenizerPipeline(
  tokenizer: TokenizerJson,
  steering: ReadonlySet<number>,
  unknown: number,
): Encode {
  const sectionsOf = addedTokenSplitter(
    tokenizer,
    normalizerOf(tokenizer['normalizer'] as TokenizerPart | null | undefined),
    steering,
  )
  const cut = preTokenizerOf(tokenizer['pre_tokenizer'] as TokenizerPart | null | undefined)
  const encode = modelOf(tokenizer, unknown)
  return text =>
    sectionsOf(text).flatMap(section =>
      'id' in section ? [section.id] : cut(section.text, section.isFirst).flatMap(encode),
    )
}
