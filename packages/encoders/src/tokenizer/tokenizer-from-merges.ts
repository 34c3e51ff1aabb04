import { InvalidArgumentError } from '@mafjs/tensor'
import type { TokenizerJson } from './tokenizer-json'
import { createWordTokenizer, type WordTokenizer, type WordTokenizerOptions } from './word-tokenizer'

/** How RoBERTa's tokenizer is made from its two files. */
export interface MergesTokenizerOptions extends Omit<WordTokenizerOptions, 'tokenizer'> {
  /** The content of `vocab.json`: ids by token. */
  vocab: Record<string, number>
  /** The lines of `merges.txt`, see `parseMerges`. */
  merges: readonly string[]
  /** Whether running text begins as if a space stood before it; words given one by one always do. @default false */
  addPrefixSpace?: boolean | undefined
}

/** The lines of a `merges.txt`, most frequent pair first, without the version above them. */
export function parseMerges(text: string): string[] {
  return text.split(/\r?\n/).filter((line, i) => line !== '' && !(i === 0 && line.startsWith('#version')))
}

/**
 * RoBERTa's tokenizer, byte-pair encoding over bytes, from `vocab.json` and `merges.txt`; the same as one from the
 * matching `tokenizer.json`.
 *
 * @throws InvalidArgumentError for a vocabulary without a framing token, or a line of merges that is no pair.
 */
export function tokenizerFromMerges({
  vocab,
  merges,
  addPrefixSpace = false,
  specialTokens = {},
  ...options
}: MergesTokenizerOptions): WordTokenizer {
  const broken = merges.findIndex(line => line.split(' ').length !== 2)
  if (broken >= 0) {
    throw new InvalidArgumentError({
      argument: `merges[${broken}]`,
      rule: 'must be two tokens with a space between them',
      received: merges[broken],
    })
  }
  const { cls = '<s>', sep = '</s>', unk = '<unk>', pad = '<pad>' } = specialTokens
  const special = (content: string) => ({
    id: vocab[content]!,
    content,
    single_word: false,
    // Hugging Face's mask takes the space before it along.
    lstrip: content === '<mask>',
    rstrip: false,
    normalized: false,
    special: true,
  })
  const bytes = { type: 'ByteLevel', add_prefix_space: addPrefixSpace, trim_offsets: true, use_regex: true }
  const tokenizer: TokenizerJson = {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: [cls, pad, sep, unk, '<mask>'].filter(token => Object.hasOwn(vocab, token)).map(special),
    normalizer: null,
    pre_tokenizer: bytes,
    post_processor: {
      type: 'RobertaProcessing',
      sep: [sep, vocab[sep] ?? null],
      cls: [cls, vocab[cls] ?? null],
      trim_offsets: true,
      add_prefix_space: addPrefixSpace,
    },
    decoder: bytes,
    model: {
      type: 'BPE',
      dropout: null,
      unk_token: unk,
      continuing_subword_prefix: '',
      end_of_word_suffix: '',
      fuse_unk: false,
      byte_fallback: false,
      ignore_merges: false,
      vocab,
      merges: [...merges],
    },
  }
  return createWordTokenizer({ tokenizer, specialTokens, ...options })
}
