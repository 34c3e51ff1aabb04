import { InvalidArgumentError } from '@mafjs/tensor'

/** A token beside the model's vocabulary, as `tokenizer.json` lists it. */
export interface AddedToken {
  id: number
  content: string
  /** Whether it steers the model, as `[SEP]` does, instead of standing for text. */
  special?: boolean
  /** Whether it is found only where no letter, digit or underscore stands beside it. @default false */
  single_word?: boolean
  /** Whether it takes the white space before it along. @default false */
  lstrip?: boolean
  /** Whether it takes the white space after it along. @default false */
  rstrip?: boolean
  /** Whether it is looked for in the normalised text, normalised itself. @default false */
  normalized?: boolean
}

/** Whether an added token is text where it is typed, since it would steer the model. */
export const isSteering = ({ id, special }: AddedToken, steering: ReadonlySet<number>): boolean =>
  special === true || steering.has(id)

/** The ids of the tokens that steer the model: those that frame a sentence, and what is special beside them. */
export function steeringIds(
  { added_tokens }: TokenizerJson,
  framing: Readonly<Record<string, number>>,
): Set<number> {
  const special = (added_tokens ?? []).filter(token => token.special).map(({ id }) => id)
  return new Set([...Object.values(framing), ...special])
}

/** The content of a Hugging Face `tokenizer.json`, as far as it is read here. */
export interface TokenizerJson {
  added_tokens?: AddedToken[] | null
  model: {
    type?: string
    /** Ids by token (WordPiece, BPE), or tokens with their scores by id (Unigram). */
    vocab: Record<string, number> | (readonly [token: string, score: number])[]
    unk_token?: string | null
    /** Unigram's. */
    unk_id?: number | null
    [field: string]: unknown
  }
  [section: string]: unknown
}

/** A part of a `tokenizer.json` whose `type` says what it is. */
export interface TokenizerPart {
  type?: string
  [field: string]: unknown
}

/** Refuses a field that is none of some names, with spaces between them: what it asks for would be left out in silence. */
export function assertKnownFields(argument: string, part: object, names: string): void {
  const unknown = Object.keys(part).find(name => !names.split(' ').includes(name))
  if (unknown === undefined) return
  const fix =
    'Take a tokenizer.json without it: words could be cut otherwise than the encoder was trained with.'
  throw new InvalidArgumentError({
    argument,
    rule: `must have no other fields than ${names.trim()}`,
    received: unknown,
    fix,
  })
}

const SECTIONS =
  'version truncation padding added_tokens normalizer pre_tokenizer post_processor decoder model'

const MODEL_FIELDS =
  'type vocab merges dropout unk_token unk_id continuing_subword_prefix end_of_word_suffix fuse_unk byte_fallback ' +
  'ignore_merges max_input_chars_per_word'

/** The pre-tokenizer that makes each model cut a word by itself as it cuts it in a sentence; WordPiece needs none. */
const WORD_MARKERS: Readonly<Record<string, string | undefined>> = {
  WordPiece: undefined,
  BPE: 'ByteLevel',
  Unigram: 'Metaspace',
}

/**
 * Checks that the content of a `tokenizer.json` is a tokenizer that can cut words one by one: WordPiece, BPE over bytes
 * (RoBERTa) or Unigram with word marks (XLM-R).
 *
 * @throws InvalidArgumentError for anything else, naming what was found.
 */
export function assertWordwise(tokenizer: TokenizerJson): void {
  const type = tokenizer?.model?.type
  const vocab = tokenizer?.model?.vocab
  const isList = Array.isArray(vocab)
  const holdsVocab = typeof vocab === 'object' && vocab !== null && isList === (type === 'Unigram')
  if (type === undefined || !Object.hasOwn(WORD_MARKERS, type) || !holdsVocab) {
    throw new InvalidArgumentError({
      argument: 'tokenizer',
      rule: 'must be the content of a tokenizer.json with a WordPiece, BPE or Unigram model and its vocab',
      received: type ?? 'no model.type',
      fix: 'Take the tokenizer.json of a BERT, RoBERTa, XLM-R or DistilBERT.',
    })
  }
  // What marks the end of a word instead of its beginning needs nothing beside it.
  const marker = tokenizer.model['end_of_word_suffix'] ? undefined : WORD_MARKERS[type]
  const parts = preTokenizers(tokenizer)
  if (marker !== undefined && !parts.some(part => part.type === marker)) {
    throw new InvalidArgumentError({
      argument: 'tokenizer',
      rule: `must have a ${marker} pre-tokenizer beside its ${type} model`,
      received: parts.map(part => part.type).join(', ') || 'none',
      fix: 'Without it a word would be cut otherwise than in its sentence.',
    })
  }
  assertKnownFields('tokenizer', tokenizer, SECTIONS)
  assertKnownFields('tokenizer: model', tokenizer.model, MODEL_FIELDS)
  assertIds(tokenizer)
  assertModel(tokenizer)
  if (type === 'WordPiece') assertPieces(tokenizer)
}

/** What a model does beyond what is done here, and an unknown token that is none of its own. */
function assertModel({ model }: TokenizerJson): void {
  const { dropout, byte_fallback, merges, unk_id, vocab } = model
  const refuse = (field: string, rule: string, received: unknown): never => {
    throw new InvalidArgumentError({
      argument: `tokenizer: model.${field}`,
      rule,
      received,
      fix: 'Take the tokenizer.json of another checkpoint.',
    })
  }
  if (dropout) refuse('dropout', 'must be 0, as a tokenizer without chance has it', dropout)
  if (byte_fallback) refuse('byte_fallback', 'must be false', byte_fallback)
  if (!isMerges(merges)) refuse('merges', 'must be a list of texts, or of pairs of texts', merges)
  const isOwn =
    unk_id === undefined || unk_id === null || (isId(unk_id) && unk_id < Object.keys(vocab).length)
  if (Array.isArray(vocab) && !isOwn) refuse('unk_id', 'must be an id of its vocab', unk_id)
}

const isMerges = (value: unknown): boolean =>
  value === undefined ||
  (Array.isArray(value) &&
    value.every(
      merge =>
        typeof merge === 'string' ||
        (Array.isArray(merge) && merge.length === 2 && merge.every(part => typeof part === 'string')),
    ))

/** What tells a piece within a word from one that begins it, and from how many letters on a word is unknown. */
function assertPieces({
  model: { continuing_subword_prefix: prefix, max_input_chars_per_word: most = 100 },
}: TokenizerJson): void {
  if (typeof prefix === 'string' && Number.isInteger(most) && Number(most) > 0) return
  throw new InvalidArgumentError({
    argument: 'tokenizer',
    rule: 'must have a text as continuing_subword_prefix and a whole number as max_input_chars_per_word',
    received: JSON.stringify([prefix, most]),
    fix: 'The tokenizer.json is damaged; copy it again.',
  })
}

const FLAGS = ['special', 'single_word', 'lstrip', 'rstrip', 'normalized'] as const

/** Ids that even a small vocabulary may leave out. */
const MOST_UNUSED = 10_000

/** Added tokens are looked for all at once. */
const MOST_ADDED = 50_000
const LONGEST_ADDED = 1000

const isContent = (value: unknown): boolean => typeof value === 'string' && value.length <= LONGEST_ADDED

const isId = (value: unknown): boolean =>
  Number.isInteger(value) && Number(value) >= 0 && Number(value) < 2 ** 31

/** Every token has a name and an id: one that has not would be found with the word that it is a piece of. */
function assertIds({ added_tokens, model: { vocab } }: TokenizerJson): void {
  const refuse = (rule: string, received: unknown): never => {
    throw new InvalidArgumentError({
      argument: 'tokenizer',
      rule,
      received: received ?? 'nothing',
      fix: 'The tokenizer.json is damaged; copy it again.',
    })
  }
  const entries: unknown[] = Array.isArray(vocab) ? vocab : Object.entries(vocab)
  const isNumber = Array.isArray(vocab) ? Number.isFinite : isId
  const wrong = entries.findIndex(
    entry => !Array.isArray(entry) || typeof entry[0] !== 'string' || !isNumber(entry[1]),
  )
  if (entries.length === 0) refuse('must have tokens in its vocab', 'none')
  if (wrong >= 0) {
    refuse('must have a whole number for every token of its vocab, or a score in a list', entries[wrong])
  }
  const added = added_tokens ?? []
  const isList = Array.isArray(added)
  const strange = isList ? added.find(token => !isId(token?.id) || !isContent(token.content)) : added
  if (!isList || strange !== undefined)
    refuse(
      `must have an id and a content, of at most ${LONGEST_ADDED} letters, in each of its added_tokens`,
      strange,
    )
  if (added.length > MOST_ADDED) refuse(`must have at most ${MOST_ADDED} added_tokens`, added.length)
  const flagged = added.find(token =>
    FLAGS.some(flag => token[flag] !== undefined && typeof token[flag] !== 'boolean'),
  )
  if (flagged) refuse(`must have true or false as ${FLAGS.join(', ')} of its added_tokens`, flagged)
  const idOf = idsInVocab({ model: { vocab } })
  const byId = new Map<number, string>()
  for (const { id, content } of added) {
    const own = idOf(content) ?? id
    const isOwn = own === id || (Array.isArray(vocab) && vocab[id]?.[0] === content)
    if (!isOwn) refuse(`must give its added token ${JSON.stringify(content)} the id in its vocab, ${own}`, id)
    const namesake = byId.get(id) ?? content
    if (namesake !== content) {
      refuse(
        `must give its added token ${JSON.stringify(content)} an id of its own`,
        `that of ${namesake}, ${id}`,
      )
    }
    byId.set(id, content)
  }
  const [tokens, ids] = [entries.length + added.length, countIds({ added_tokens, model: { vocab } })]
  if (ids > 2 * tokens + MOST_UNUSED) {
    refuse(
      'must not leave out more ids than it has tokens: a table has a row for each',
      `${tokens} tokens, ids up to ${ids - 1}`,
    )
  }
}

/** The pre-tokenizers of a tokenizer, in their order. */
export function preTokenizers({ pre_tokenizer }: TokenizerJson): TokenizerPart[] {
  const part = pre_tokenizer as TokenizerPart | null | undefined
  if (!part) return []
  return part.type === 'Sequence' ? ((part['pretokenizers'] as TokenizerPart[] | undefined) ?? []) : [part]
}

/** The id of a token of the model's own vocabulary. */
export function idInVocab(
  { model: { vocab } }: Pick<TokenizerJson, 'model'>,
  token: string,
): number | undefined {
  if (!Array.isArray(vocab)) {
    const ids = vocab as Record<string, number>
    return Object.hasOwn(ids, token) ? ids[token] : undefined
  }
  const id = vocab.findIndex(([known]) => known === token)
  return id < 0 ? undefined : id
}

/** The same for many tokens: a list of a vocabulary is gone through once, and the last of a name counts. */
export function idsInVocab(tokenizer: Pick<TokenizerJson, 'model'>): (token: string) => number | undefined {
  const { vocab } = tokenizer.model
  if (!Array.isArray(vocab)) return token => idInVocab(tokenizer, token)
  const ids = new Map(vocab.map(([token], id) => [token, id]))
  return token => ids.get(token)
}

/** One more than the highest id. */
export function countIds({ added_tokens, model: { vocab } }: TokenizerJson): number {
  const most = (ids: readonly number[]): number => ids.reduce((highest, id) => Math.max(highest, id + 1), 0)
  const own = Array.isArray(vocab) ? vocab.length : most(Object.values(vocab))
  return Math.max(own, most((added_tokens ?? []).map(token => token.id)))
}
