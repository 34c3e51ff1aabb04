import { InvalidArgumentError } from '@mafjs/tensor'
import type { TokenizerJson } from './tokenizer-json'
import { createWordTokenizer, type WordTokenizer, type WordTokenizerOptions } from './word-tokenizer'

/** How BERTweet's tokenizer is made from its two files. */
export interface CodesTokenizerOptions extends Omit<WordTokenizerOptions, 'tokenizer'> {
  /** The lines of `vocab.txt`: a piece and its count; one within a word ends with `@@`. */
  vocab: readonly string[]
  /** The lines of `bpe.codes`: two pieces and their count; the last of a word ends with `</w>`. */
  codes: readonly string[]
  /** Whether texts are normalised as tweets: names and links become `@USER` and `HTTPURL`, words are cut from signs. @default false */
  normalization?: boolean | undefined
}

const END = '</w>'
const WITHIN = '@@'
const FRAME = ['<s>', '<pad>', '</s>', '<unk>']

/**
 * BERTweet's tokenizer (Nguyen et al. 2020): byte-pair encoding over characters that marks the end of a word, with the ids of
 * fairseq: four framing tokens, then the lines of the vocabulary, then `<mask>`.
 *
 * @throws InvalidArgumentError for a line of either file that is not of its form.
 */
export function tokenizerFromCodes({
  vocab: lines,
  codes,
  normalization = false,
  ...options
}: CodesTokenizerOptions): WordTokenizer {
  const refuse = (argument: string, rule: string, received: unknown): never => {
    throw new InvalidArgumentError({ argument, rule, received, fix: 'The file is damaged; copy it again.' })
  }
  const pieces = lines.map((line, i) => {
    const space = line.lastIndexOf(' ')
    return space > 0
      ? line.slice(0, space)
      : refuse(`vocab.txt, line ${i + 1}`, 'must be a piece and its count', line)
  })
  const merges = codes.map((line, i) => {
    const parts = line.split(' ')
    return parts.length === 3
      ? ([parts[0]!, parts[1]!] as const)
      : refuse(`bpe.codes, line ${i + 1}`, 'must be two pieces and their count', line)
  })
  // Here a word's last piece carries the mark, there all the others do.
  const named = (piece: string): string =>
    piece.endsWith(WITHIN) ? piece.slice(0, -WITHIN.length) : piece + END
  const own = pieces.map((piece, i) => [named(piece), FRAME.length + i] as const)
  const special = (content: string, id: number) => ({
    id,
    content,
    single_word: false,
    lstrip: content === '<mask>',
    rstrip: false,
    normalized: false,
    special: true,
  })
  const frame = [...FRAME, '<mask>']
  const mask = FRAME.length + pieces.length
  const tokenizer: TokenizerJson = {
    version: '1.0',
    added_tokens: frame.map((content, i) => special(content, i < FRAME.length ? i : mask)),
    normalizer: normalization ? { type: 'Bertweet' } : null,
    pre_tokenizer: {
      type: 'Sequence',
      pretokenizers: [
        { type: 'WhitespaceSplit' },
        // White space to Python, which cut the texts it was trained with.
        { type: 'Split', pattern: { Regex: '[\u001c-\u001f]' }, behavior: 'Removed', invert: false },
      ],
    },
    post_processor: { type: 'RobertaProcessing', sep: ['</s>', 2], cls: ['<s>', 0] },
    model: {
      type: 'BPE',
      unk_token: '<unk>',
      end_of_word_suffix: END,
      vocab: Object.fromEntries([...FRAME.map((token, id) => [token, id] as const), ...own]),
      merges,
    },
  }
  return createWordTokenizer({ tokenizer, ...options })
}
