import { join } from 'node:path'
import { InvalidArgumentError } from '@mafjs/tensor'
import type { SpecialTokens } from '../tokenizer/special-tokens'
import { tokenizerFromCodes } from '../tokenizer/tokenizer-from-codes'
import { parseMerges, tokenizerFromMerges } from '../tokenizer/tokenizer-from-merges'
import { parseVocab, tokenizerFromVocab } from '../tokenizer/tokenizer-from-vocab'
import { assertWordwise, type TokenizerJson } from '../tokenizer/tokenizer-json'
import { createWordTokenizer, type WordTokenizer } from '../tokenizer/word-tokenizer'
import { isFile } from './find-weights'
import { nameError } from './name-error'
import { type JsonObject, readJsonIfThere, readTextIfThere } from './read-json'
import { refuseContradiction } from './refuse-contradiction'
import { readTokenizerFiles, type TokenizerFiles } from './tokenizer-files'
import { withAddedTokens } from './with-added-tokens'

/** How the tokenizer of a checkpoint folder is read. */
export interface LoadTokenizerOptions {
  /** Most ids of one sentence. @default 512 */
  maxLength?: number | undefined
  /**
   * Whether text is lower-cased, where the folder has only a `vocab.txt`.
   * @default what tokenizer_config.json states; without it, whether no token of the vocabulary has a capital letter
   */
  lowercase?: boolean | undefined
}

/** A folder's tokenizer, and what had to be concluded about it. */
export interface LoadedTokenizer {
  tokenizer: WordTokenizer
  /** Sentences for a person: what the folder left open, and how it was decided. */
  notes: string[]
}

/**
 * The tokenizer of a checkpoint folder: `tokenizer.json`, or `vocab.txt` (with `bpe.codes` that of BERTweet), or `vocab.json`
 * and `merges.txt`, with what `tokenizer_config.json`, `special_tokens_map.json` and `added_tokens.json` say.
 *
 * @throws InvalidArgumentError where none of them is there, one is broken, names a class or field that is not known, or
 * contradicts another.
 */
export async function loadTokenizer(
  folder: string,
  options: LoadTokenizerOptions = {},
): Promise<LoadedTokenizer> {
  return readTokenizer(folder, options).catch(error => {
    throw nameError(error, folder)
  })
}

async function readTokenizer(
  folder: string,
  { maxLength, lowercase }: LoadTokenizerOptions,
): Promise<LoadedTokenizer> {
  const files = await readTokenizerFiles(folder)
  const { config, specialTokens } = files
  const shared = { ...(maxLength !== undefined && { maxLength }), specialTokens }
  const completed = ({ tokenizer, notes }: LoadedTokenizer): LoadedTokenizer => ({
    tokenizer: createWordTokenizer({ tokenizer: withAddedTokens(tokenizer.definition, files), ...shared }),
    notes,
  })
  const definition = (await readJsonIfThere(join(folder, 'tokenizer.json'))) as TokenizerJson | undefined
  if (definition) {
    assertWordwise(definition)
    refuseContradiction(definition, files, folder)
    return {
      tokenizer: createWordTokenizer({ tokenizer: withAddedTokens(definition, files), ...shared }),
      notes: [],
    }
  }
  const text = await readTextIfThere(join(folder, 'vocab.txt'))
  const codes = text === undefined ? undefined : await readTextIfThere(join(folder, 'bpe.codes'))
  if (text !== undefined && codes !== undefined) {
    assertFamily(files, ['codes'], folder)
    return completed(fromCodes(text, codes, config, shared))
  }
  if (text !== undefined) {
    assertFamily(files, ['WordPiece'], folder)
    return completed(fromVocabulary(text, { folder, config, lowercase, shared }))
  }
  const vocab = await readJsonIfThere(join(folder, 'vocab.json'))
  const merges = await readTextIfThere(join(folder, 'merges.txt'))
  if (vocab === undefined || merges === undefined) throw missingTokenizer(folder, await whatIsThere(folder))
  assertFamily(files, ['BPE'], folder)
  const tokenizer = tokenizerFromMerges({
    vocab: vocab as Record<string, number>,
    merges: parseMerges(merges),
    addPrefixSpace: config['add_prefix_space'] === true,
    ...shared,
  })
  return completed({ tokenizer, notes: [] })
}

/** Files of one kind of tokenizer beside the class of another would be read as what they are not. */
function assertFamily({ family, config }: TokenizerFiles, families: readonly string[], folder: string): void {
  if (family === 'any' || families.includes(family)) return
  throw new InvalidArgumentError({
    argument: join(folder, 'tokenizer_config.json: tokenizer_class'),
    rule: 'must be of the kind whose files are there',
    received: config['tokenizer_class'] ?? `a ${family} tokenizer, as config.json says`,
    fix: "Write tokenizer.json with Python's transformers: AutoTokenizer.from_pretrained(FOLDER).save_pretrained(FOLDER).",
  })
}

function fromCodes(
  vocab: string,
  codes: string,
  config: JsonObject,
  shared: VocabularyContext['shared'],
): LoadedTokenizer {
  const normalization = config['normalization'] === true
  const tokenizer = tokenizerFromCodes({
    vocab: parseVocab(vocab),
    codes: parseVocab(codes),
    normalization,
    ...shared,
  })
  const note =
    'Tweets are normalised as transformers does without its package emoji: emoji keep their own form, where BERTweet was trained with their names.'
  return { tokenizer, notes: normalization ? [note] : [] }
}

/** A folder's other files of a tokenizer, to say what is missing beside them. */
async function whatIsThere(folder: string): Promise<string[]> {
  const files = ['vocab.json', 'merges.txt', 'sentencepiece.bpe.model', 'spm.model', 'spiece.model']
  const found = await Promise.all(files.map(file => isFile(join(folder, file))))
  return files.filter((_, i) => found[i])
}

function missingTokenizer(folder: string, found: readonly string[]): InvalidArgumentError {
  const save = 'AutoTokenizer.from_pretrained(FOLDER).save_pretrained(FOLDER)'
  return new InvalidArgumentError({
    argument: folder,
    rule: 'must hold a tokenizer: tokenizer.json, or vocab.txt, or vocab.json and merges.txt',
    received: found.length > 0 ? `only ${found.join(', ')}` : 'none of them',
    fix: `Copy them from where the checkpoint came from, or write tokenizer.json with Python's transformers: ${save}.`,
  })
}

/** What is known when there is only a `vocab.txt`. */
interface VocabularyContext extends Pick<LoadTokenizerOptions, 'lowercase'> {
  folder: string
  config: JsonObject
  shared: { maxLength?: number; specialTokens: SpecialTokens }
}

function fromVocabulary(
  text: string,
  { folder, config, lowercase, shared }: VocabularyContext,
): LoadedTokenizer {
  refuseUnread(config, folder)
  const vocab = parseVocab(text)
  const notes: string[] = []
  const doubled = vocab.length - new Set(vocab).size
  if (doubled > 0)
    notes.push(`vocab.txt lists ${doubled} tokens more than once; the last place of each counts.`)
  let isLowercase = lowercase ?? config['do_lower_case']
  if (typeof isLowercase !== 'boolean') {
    isLowercase = !vocab.some(token => !/^\[.*\]$|^<.*>$/.test(token) && /\p{Lu}/u.test(token))
    notes.push(
      `Nothing states do_lower_case; ${isLowercase ? 'no token of the vocabulary has' : 'the vocabulary has tokens with'} ` +
        `a capital letter, so text is ${isLowercase ? '' : 'not '}lower-cased.`,
    )
  }
  const stripAccents = config['strip_accents']
  const tokenizer = tokenizerFromVocab(vocab, {
    lowercase: isLowercase as boolean,
    ...(typeof stripAccents === 'boolean' && { stripAccents }),
    ...shared,
  })
  return { tokenizer, notes }
}

/** A switch of BERT's tokenizer that a vocabulary alone cannot express here. */
function refuseUnread(config: JsonObject, folder: string): void {
  for (const field of ['tokenize_chinese_chars']) {
    if (config[field] === false) {
      throw new InvalidArgumentError({
        argument: `${join(folder, 'tokenizer_config.json')}: ${field}`,
        rule: 'must be true where there is no tokenizer.json',
        received: false,
        fix: "Save the tokenizer as tokenizer.json with Hugging Face's library.",
      })
    }
  }
}
