import { InvalidArgumentError } from '@mafjs/tensor'
import { asText } from '@mafjs/tensor/json'
import { idInVocab, type TokenizerJson, type TokenizerPart } from './tokenizer-json'

/** Names of the tokens that frame a sentence. */
export interface SpecialTokens {
  /** Opens a sentence. @default as tokenizer.json frames, else '[CLS]' or '<s>', whichever there is */
  cls?: string
  /** Closes a sentence. @default as tokenizer.json frames, else '[SEP]' or '</s>' */
  sep?: string
  /** Stands for what the vocabulary lacks. @default the model's own, else '[UNK]' or '<unk>' */
  unk?: string
  /** Fills a batch. @default '[PAD]' or '<pad>' */
  pad?: string
}

/** Their ids. */
export type SpecialIds = Record<keyof SpecialTokens, number>

/** BERT's names and RoBERTa's. */
const NAMES = {
  bert: { cls: '[CLS]', sep: '[SEP]', unk: '[UNK]', pad: '[PAD]' },
  roberta: { cls: '<s>', sep: '</s>', unk: '<unk>', pad: '<pad>' },
} as const satisfies Record<string, Required<SpecialTokens>>

/** How a `tokenizer.json` frames one text and joins two. */
export interface Framing {
  cls?: string
  sep?: string
  /** How many closing tokens stand between two texts. */
  between: number
  /** The ids that it states for its tokens. */
  ids: readonly (readonly [name: unknown, id: unknown])[]
}

/**
 * Looks the framing tokens up by name.
 *
 * @param named names that are known from elsewhere, such as `tokenizer_config.json`; they count first
 * @throws InvalidArgumentError naming every one that the tokenizer lacks.
 */
export function findSpecialIds(tokenizer: TokenizerJson, named: SpecialTokens): SpecialIds {
  const { added_tokens, model } = tokenizer
  const idOf = (name: string): number | undefined =>
    added_tokens?.find(({ content }) => content === name)?.id ?? idInVocab(tokenizer, name)
  const isRoberta = idOf(NAMES.bert.cls) === undefined && idOf(NAMES.roberta.cls) !== undefined
  const usual = isRoberta ? NAMES.roberta : NAMES.bert
  const { cls, sep, ids: stated } = framingOf(tokenizer)
  const ownUnknown = Array.isArray(model.vocab) ? model.vocab[model.unk_id ?? -1]?.[0] : model.unk_token
  const own = { cls, sep, unk: ownUnknown }
  for (const role of ['cls', 'sep', 'unk'] as const) {
    if (!named[role] || !own[role] || named[role] === own[role]) continue
    throw contradicted(`${role}_token`, `must be that of tokenizer.json, ${asText(own[role])}`, named[role])
  }
  for (const [name, id] of stated) {
    const token = asText(name)
    const known = idOf(token)
    if (known === undefined || known === id) continue
    throw contradicted('post_processor', `must give ${token} the id in its vocab, ${known}`, id)
  }
  const names: Required<SpecialTokens> = {
    cls: named.cls ?? cls ?? usual.cls,
    sep: named.sep ?? sep ?? usual.sep,
    unk: named.unk ?? ownUnknown ?? usual.unk,
    pad: named.pad ?? usual.pad,
  }
  const keys = Object.keys(names) as (keyof SpecialTokens)[]
  const ids = Object.fromEntries(keys.map(key => [key, idOf(names[key])]))
  const missing = keys.filter(key => ids[key] === undefined)
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

const contradicted = (field: string, rule: string, received: unknown): InvalidArgumentError =>
  new InvalidArgumentError({
    argument: `tokenizer: ${field}`,
    rule,
    received,
    fix: 'Its files contradict each other: keep those that belong to the checkpoint.',
  })

/**
 * What the post-processor of a `tokenizer.json` says about framing.
 *
 * @throws InvalidArgumentError for one that is not known.
 */
export function framingOf({ post_processor }: TokenizerJson): Framing {
  const part = post_processor as TokenizerPart | null | undefined
  const all = part?.type === 'Sequence' ? ((part['processors'] as TokenizerPart[]) ?? []) : part ? [part] : []
  for (const { type, cls, sep, single, pair, special_tokens } of all) {
    if (type === 'BertProcessing' || type === 'RobertaProcessing') {
      const nameOf = (token: unknown) => (Array.isArray(token) ? asText(token[0]) : undefined)
      const ids = [cls, sep].flatMap(token => (Array.isArray(token) ? [[token[0], token[1]] as const] : []))
      return { cls: nameOf(cls), sep: nameOf(sep), between: type === 'RobertaProcessing' ? 2 : 1, ids }
    }
    if (type === 'TemplateProcessing')
      return { ...framingOfTemplate(single, pair), ids: templateIds(special_tokens) }
    if (type !== 'ByteLevel') {
      throw new InvalidArgumentError({
        argument: 'tokenizer: post_processor',
        rule: 'must be one of BertProcessing, RobertaProcessing, TemplateProcessing, ByteLevel, Sequence',
        received: type ?? 'nothing',
        fix: 'Take the tokenizer.json of a BERT, RoBERTa, XLM-R or DistilBERT.',
      })
    }
  }
  return { between: 1, ids: [] }
}

/** What each token of a template stands for; one that stands for several has no id of its own here. */
function templateIds(tokens: unknown): Framing['ids'] {
  return Object.entries(Object(tokens) as Record<string, { ids?: unknown } | null>).map(([name, token]) => {
    const ids = token?.ids
    return [name, Array.isArray(ids) && ids.length === 1 ? ids[0] : ids]
  })
}

type TemplateItem = { SpecialToken?: { id?: unknown }; Sequence?: { id?: unknown } } | null

/**
 * A template frames one text as `[CLS] A [SEP]` and two as `[CLS] A [SEP] B [SEP]`, whatever the tokens are called.
 *
 * @throws InvalidArgumentError for one that does not.
 */
function framingOfTemplate(single: unknown, pair: unknown): Omit<Framing, 'ids'> {
  const partsOf = (items: unknown): string[] =>
    (Array.isArray(items) ? (items as TemplateItem[]) : []).map(item => {
      const token = item?.SpecialToken?.id
      return typeof token === 'string' ? ` ${token}` : asText(item?.Sequence?.id)
    })
  const [one, two] = [partsOf(single), partsOf(pair)]
  const isToken = (part: string | undefined): part is string => part?.startsWith(' ') ?? false
  const [cls, text, sep] = one
  const first = two.indexOf('A')
  const second = two.indexOf('B')
  const between = two.slice(first + 1, second)
  if (one.length !== 3 || !isToken(cls) || text !== 'A' || !isToken(sep)) {
    throw wrongTemplate('single', 'A', single)
  }
  if (first !== 1 || between.length === 0 || !between.every(isToken))
    throw wrongTemplate('pair', 'A and B', pair)
  return { cls: cls.slice(1), sep: sep.slice(1), between: between.length }
}

const wrongTemplate = (name: string, texts: string, received: unknown): InvalidArgumentError =>
  new InvalidArgumentError({
    argument: 'tokenizer',
    rule: `must have a post_processor whose "${name}" puts ${texts} between the tokens that frame a sentence`,
    received: received ?? 'nothing',
    fix: 'Take the tokenizer.json of a BERT, RoBERTa, XLM-R or DistilBERT.',
  })
