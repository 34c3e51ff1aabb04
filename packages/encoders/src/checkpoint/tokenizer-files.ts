import { join } from 'node:path'
import { InvalidArgumentError } from '@mafjs/tensor'
import { asText } from '@mafjs/tensor/json'
import type { SpecialTokens } from '../tokenizer/special-tokens'
import type { AddedToken } from '../tokenizer/tokenizer-json'
import { type JsonObject, readJsonIfThere } from './read-json'

/** The classes of Hugging Face whose files are read, by how they cut words; each may end with `Fast`. */
const CLASSES: Readonly<Record<string, readonly string[]>> = {
  WordPiece: ['BertTokenizer', 'DistilBertTokenizer', 'ElectraTokenizer'],
  BPE: ['RobertaTokenizer', 'BartTokenizer', 'LongformerTokenizer', 'DebertaTokenizer'],
  Unigram: ['XLMRobertaTokenizer', 'CamembertTokenizer', 'DebertaV2Tokenizer'],
  codes: ['BertweetTokenizer'],
  any: ['PreTrainedTokenizer', 'TokenizersBackend'],
}

/** Fields of `tokenizer_config.json` that are read here, or that change no id of a single text. */
const FIELDS = new Set(
  (
    'add_prefix_space added_tokens_decoder additional_special_tokens backend bos_token clean_up_tokenization_spaces cls_token ' +
    'do_basic_tokenize do_lower_case eos_token errors extra_special_tokens full_tokenizer_file init_inputs is_local keep_accents ' +
    'mask_token max_len max_length model_input_names model_max_length model_specific_special_tokens name_or_path never_split ' +
    'normalization pad_to_multiple_of pad_token pad_token_type_id padding_side processor_class return_token_type_ids sep_token ' +
    'sp_model_kwargs special_tokens_map_file split_by_punct stride strip_accents tokenize_chinese_chars tokenizer_class ' +
    'tokenizer_file trim_offsets truncation truncation_side truncation_strategy unk_id unk_token use_fast vocab_file vocab_type ' +
    '_commit_hash local_files_only'
  ).split(' '),
)

/** Fields that may only have these values: with another one the words would be cut by rules that are not here. */
const FIXED: Readonly<Record<string, readonly unknown[]>> = {
  do_basic_tokenize: [true],
  never_split: [null],
  split_by_punct: [false],
}

/** Fields that are true, false, or left open by null: another value would be passed over. */
const SWITCHES = [
  'add_prefix_space',
  'do_lower_case',
  'normalization',
  'strip_accents',
  'tokenize_chinese_chars',
]

const ROLES = [
  'cls_token',
  'sep_token',
  'unk_token',
  'pad_token',
  'mask_token',
  'bos_token',
  'eos_token',
] as const

/** What a folder says of its tokenizer beside the vocabulary. */
export interface TokenizerFiles {
  config: JsonObject
  /** How the class that it names cuts words; none named is `any`. */
  family: string
  /** The names of the framing tokens. */
  specialTokens: SpecialTokens
  /** Special tokens that play no part of their own: what stands for them is text, as Hugging Face finds it. */
  additional: readonly string[]
  /** The tokens beside the vocabulary, and the file that lists them. */
  added: { file: string; tokens: AddedToken[] }
}

const nameOf = (value: unknown): string | undefined => {
  const name = typeof value === 'object' && value !== null ? (value as JsonObject)['content'] : value
  return typeof name === 'string' ? name : undefined
}

/**
 * Reads `tokenizer_config.json`, `special_tokens_map.json` and `added_tokens.json` as `transformers` does: the first counts, and
 * where it lists no added tokens the others do.
 *
 * @throws InvalidArgumentError for a class or field that is not known, and for files that contradict each other.
 */
export async function readTokenizerFiles(folder: string): Promise<TokenizerFiles> {
  const path = (name: string): string => join(folder, name)
  const read = async (name: string): Promise<JsonObject> => (await readJsonIfThere(path(name))) ?? {}
  const config = await read('tokenizer_config.json')
  const map = await read('special_tokens_map.json')
  const refuse = (field: string, rule: string, received: unknown, fix: string): never => {
    throw new InvalidArgumentError({
      argument: `${path('tokenizer_config.json')}: ${field}`,
      rule,
      received,
      fix,
    })
  }
  const family = classOf(config['tokenizer_class'] ?? (await read('config.json'))['tokenizer_class'], refuse)
  for (const [field, value] of Object.entries(config)) {
    if (!FIELDS.has(field)) {
      refuse(
        field,
        'must be a field that is known',
        JSON.stringify(value).slice(0, 100),
        'It may change how words are cut: take it out where it does not.',
      )
    }
    if (Object.hasOwn(FIXED, field) && !FIXED[field]!.includes(value)) {
      refuse(field, `must be ${String(FIXED[field]![0])}`, value, 'Take the tokenizer of another checkpoint.')
    }
  }
  for (const field of SWITCHES) {
    const value = config[field] ?? true
    if (typeof value !== 'boolean') {
      refuse(field, 'must be true, false or null', value, 'The file is damaged; copy it again.')
    }
  }
  const roles: Partial<Record<(typeof ROLES)[number], string>> = {}
  for (const role of ROLES) {
    const [one, other] = [nameOf(config[role]), nameOf(map[role])]
    if (one === undefined && (config[role] ?? null) !== null) {
      refuse(role, 'must be a text, or have one as its content', config[role], 'Copy the file again.')
    }
    if (one !== undefined && other !== undefined && one !== other) {
      refuse(
        role,
        `must be that of special_tokens_map.json, ${JSON.stringify(other)}`,
        one,
        'Keep the file that belongs to the checkpoint.',
      )
    }
    const name = one ?? other
    if (name !== undefined) roles[role] = name
  }
  const names = Object.values(roles)
  const lists = [
    config['additional_special_tokens'],
    config['extra_special_tokens'],
    map['additional_special_tokens'],
  ]
  const additional = lists
    .flatMap(list => (Array.isArray(list) ? list : []))
    .flatMap(token => nameOf(token) ?? [])
    .filter(name => !names.includes(name))
  const specialTokens = {
    cls: roles.cls_token,
    sep: roles.sep_token,
    unk: roles.unk_token,
    pad: roles.pad_token,
  }
  return {
    config,
    family,
    specialTokens: Object.fromEntries(Object.entries(specialTokens).filter(([, name]) => name !== undefined)),
    additional,
    added: addedTokens(config, await read('added_tokens.json'), [...names, ...additional], folder),
  }
}

function classOf(
  name: unknown,
  refuse: (field: string, rule: string, received: unknown, fix: string) => never,
): string {
  if (name === undefined || name === null) return 'any'
  const slow = asText(name).replace(/Fast$/, '')
  const [family] = Object.entries(CLASSES).find(([, classes]) => classes.includes(slow)) ?? []
  if (family !== undefined) return family
  return refuse(
    'tokenizer_class',
    `must be one of ${Object.values(CLASSES).flat().join(', ')}, or the same with Fast`,
    name,
    'It cuts words by rules that are not here, into other ids than the encoder was trained with.',
  )
}

/** The added tokens of `tokenizer_config.json`, or else of `added_tokens.json`, in the order of their ids. */
function addedTokens(
  config: JsonObject,
  old: JsonObject,
  special: readonly string[],
  folder: string,
): TokenizerFiles['added'] {
  const decoder = config['added_tokens_decoder']
  const isNew = typeof decoder === 'object' && decoder !== null
  const file = join(folder, isNew ? 'tokenizer_config.json: added_tokens_decoder' : 'added_tokens.json')
  const entries = isNew
    ? Object.entries(decoder).map(([id, token]) => ({ ...(token as AddedToken), id: Number(id) }))
    : Object.entries(old).map(([content, id]) => {
        const isSpecial = special.includes(content)
        return { id: id as number, content, special: isSpecial, normalized: !isSpecial }
      })
  for (const { id, content } of entries) {
    if (Number.isInteger(id) && id >= 0 && typeof content === 'string') continue
    throw new InvalidArgumentError({
      argument: file,
      rule: 'must give every added token an id and a content',
      received: { id, content },
      fix: 'The file is damaged; copy it again.',
    })
  }
  const stated = new Map(Object.entries(old))
  const other = isNew
    ? entries.find(({ content, id }) => stated.has(content) && stated.get(content) !== id)
    : undefined
  if (other) {
    throw new InvalidArgumentError({
      argument: file,
      rule: `must give ${JSON.stringify(other.content)} the id that added_tokens.json does, ${stated.get(other.content)}`,
      received: other.id,
      fix: 'Keep the file that belongs to the checkpoint.',
    })
  }
  return { file, tokens: entries.sort((a, b) => a.id - b.id) }
}
