import { InvalidArgumentError } from '@mafjs/tensor'

/** A token beside the model's vocabulary, as `tokenizer.json` lists it. */
export interface AddedToken {
  id: number
  content: string
  /** Whether it steers the model, as `[SEP]` does, instead of standing for text. */
  special?: boolean
}

/** The content of a Hugging Face `tokenizer.json`, as far as it is read here. */
export interface TokenizerJson {
  added_tokens?: AddedToken[] | null
  model: { type?: string; vocab: Record<string, number>; unk_token?: string; [field: string]: unknown }
  [section: string]: unknown
}

/** Names of the tokens that frame a sentence. */
export interface SpecialTokens {
  /** Opens a sentence. @default '[CLS]' */
  cls?: string
  /** Closes a sentence. @default '[SEP]' */
  sep?: string
  /** Stands for what the vocabulary lacks. @default '[UNK]' */
  unk?: string
  /** Fills a batch. @default '[PAD]' */
  pad?: string
}

/** Their ids. */
export type SpecialIds = Record<keyof SpecialTokens, number>

/**
 * Checks that the content of a `tokenizer.json` is a WordPiece tokenizer.
 *
 * @throws InvalidArgumentError for anything else, naming what was found.
 */
export function assertWordPiece(tokenizer: TokenizerJson): void {
  const type = tokenizer?.model?.type
  const vocab = tokenizer?.model?.vocab
  if (type !== 'WordPiece' || typeof vocab !== 'object' || vocab === null || Array.isArray(vocab)) {
    throw new InvalidArgumentError({
      argument: 'tokenizer',
      rule: 'must be the content of a tokenizer.json with a WordPiece model and its vocab',
      received: type ?? 'no model.type',
      fix: 'Other models join words to their neighbours, so that a word alone would be cut into other pieces.',
    })
  }
}

/**
 * Looks the framing tokens up by name.
 *
 * @throws InvalidArgumentError naming every one that the tokenizer lacks.
 */
export function findSpecialIds(
  { added_tokens, model }: TokenizerJson,
  { cls = '[CLS]', sep = '[SEP]', unk = model.unk_token ?? '[UNK]', pad = '[PAD]' }: SpecialTokens,
): SpecialIds {
  const idOf = (name: string): number | undefined =>
    added_tokens?.find(({ content }) => content === name)?.id ??
    (Object.hasOwn(model.vocab, name) ? model.vocab[name] : undefined)
  const ids = { cls: idOf(cls), sep: idOf(sep), unk: idOf(unk), pad: idOf(pad) }
  const names = { cls, sep, unk, pad }
  const missing = (Object.keys(ids) as (keyof SpecialTokens)[]).filter(key => ids[key] === undefined)
  if (missing.length > 0) {
    throw new InvalidArgumentError({
      argument: 'tokenizer',
      rule: 'must hold the tokens that frame a sentence',
      received: `no ${missing.map(key => names[key]).join(', ')}`,
      fix: `Give their names: specialTokens: { ${missing.map(key => `${key}: '...'`).join(', ')} }.`,
    })
  }
  return ids as SpecialIds
}
