import type { SpecialTokens } from './special-tokens'
import type { TokenizerJson } from './tokenizer-json'
import { createWordTokenizer, type WordTokenizer, type WordTokenizerOptions } from './word-tokenizer'

/** How a tokenizer is made from a vocabulary alone. */
export interface VocabTokenizerOptions extends Omit<WordTokenizerOptions, 'tokenizer'> {
  /** Whether text is lower-cased first, as for an uncased BERT. */
  lowercase: boolean
  /** Whether accents are stripped. @default lowercase */
  stripAccents?: boolean | undefined
}

/** The tokens of a `vocab.txt`: one a line, the line's number is the id. */
export function parseVocab(text: string): string[] {
  const lines = text.split(/\r?\n/)
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines
}

/**
 * BERT's WordPiece tokenizer from a vocabulary; the same as one from the matching `tokenizer.json`.
 *
 * @param vocab the tokens by id, see `parseVocab`; of a token listed twice the last place counts, as in Hugging
 * Face's own tokenizer (a Chinese vocabulary has 53 such)
 * @throws InvalidArgumentError for a vocabulary without a framing token.
 */
export function tokenizerFromVocab(
  vocab: readonly string[],
  { lowercase, stripAccents = lowercase, specialTokens = {}, ...options }: VocabTokenizerOptions,
): WordTokenizer {
  const tokenizer = wordPieceDefinition(vocab, { lowercase, stripAccents, specialTokens })
  return createWordTokenizer({ tokenizer, specialTokens, ...options })
}

/** The content of the `tokenizer.json` that Hugging Face would write for this vocabulary. */
function wordPieceDefinition(
  vocab: readonly string[],
  options: { lowercase: boolean; stripAccents: boolean; specialTokens: SpecialTokens },
): TokenizerJson {
  const ids = new Map(vocab.map((token, id) => [token, id]))
  const { cls = '[CLS]', sep = '[SEP]', unk = '[UNK]', pad = '[PAD]' } = options.specialTokens
  const special = (content: string) => ({
    id: ids.get(content)!,
    content,
    single_word: false,
    lstrip: false,
    rstrip: false,
    normalized: false,
    special: true,
  })
  const frame = (content: string) => ({ id: content, ids: [ids.get(content)!], tokens: [content] })
  const template = (id: string, typeId: number, kind: 'SpecialToken' | 'Sequence') => ({
    [kind]: { id, type_id: typeId },
  })
  const single = [
    template(cls, 0, 'SpecialToken'),
    template('A', 0, 'Sequence'),
    template(sep, 0, 'SpecialToken'),
  ]
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: [pad, unk, cls, sep, '[MASK]'].filter(token => ids.has(token)).map(special),
    normalizer: {
      type: 'BertNormalizer',
      clean_text: true,
      handle_chinese_chars: true,
      strip_accents: options.stripAccents,
      lowercase: options.lowercase,
    },
    pre_tokenizer: { type: 'BertPreTokenizer' },
    post_processor: {
      type: 'TemplateProcessing',
      single,
      pair: [...single, template('B', 1, 'Sequence'), template(sep, 1, 'SpecialToken')],
      special_tokens: { [cls]: frame(cls), [sep]: frame(sep) },
    },
    decoder: { type: 'WordPiece', prefix: '##', cleanup: true },
    model: {
      type: 'WordPiece',
      unk_token: unk,
      continuing_subword_prefix: '##',
      max_input_chars_per_word: 100,
      vocab: Object.fromEntries(ids),
    },
  }
}
