import { join } from 'node:path'
import { InvalidArgumentError } from '@mafjs/tensor'
import type { SpecialTokens } from '../tokenizer/special-tokens'
import { parseMerges, tokenizerFromMerges } from '../tokenizer/tokenizer-from-merges'
import { parseVocab, tokenizerFromVocab } from '../tokenizer/tokenizer-from-vocab'
import type { TokenizerJson } from '../tokenizer/tokenizer-json'
import { createWordTokenizer, type WordTokenizer } from '../tokenizer/word-tokenizer'
import { isFile } from './find-weights'
import { type JsonObject, readJsonIfThere, readTextIfThere } from './read-json'

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
 * The tokenizer of a checkpoint folder: `tokenizer.json`, or `vocab.txt`, or `vocab.json` and `merges.txt`, with what
 * `tokenizer_config.json` says.
 *
 * @throws InvalidArgumentError where none of them is there or one is broken.
 */
export async function loadTokenizer(
  folder: string,
  { maxLength, lowercase }: LoadTokenizerOptions = {},
): Promise<LoadedTokenizer> {
  const config = (await readJsonIfThere(join(folder, 'tokenizer_config.json'))) ?? {}
  const shared = { ...(maxLength !== undefined && { maxLength }), specialTokens: specialTokensOf(config) }
  const definition = await readJsonIfThere(join(folder, 'tokenizer.json'))
  if (definition) {
    return {
      tokenizer: createWordTokenizer({ tokenizer: definition as TokenizerJson, ...shared }),
      notes: [],
    }
  }
  const text = await readTextIfThere(join(folder, 'vocab.txt'))
  if (text !== undefined) return fromVocabulary(text, { folder, config, lowercase, shared })
  const vocab = await readJsonIfThere(join(folder, 'vocab.json'))
  const merges = await readTextIfThere(join(folder, 'merges.txt'))
  if (vocab === undefined || merges === undefined) throw missingTokenizer(folder, await whatIsThere(folder))
  const tokenizer = tokenizerFromMerges({
    vocab: vocab as Record<string, number>,
    merges: parseMerges(merges),
    addPrefixSpace: config['add_prefix_space'] === true,
    ...shared,
  })
  return { tokenizer, notes: [] }
}

/** A folder's other files of a tokenizer, to say what is missing beside them. */
async function whatIsThere(folder: string): Promise<string[]> {
  const files = ['vocab.json', 'merges.txt', 'sentencepiece.bpe.model']
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

/** The names of the framing tokens; a newer file holds each as an object with its content. */
function specialTokensOf(config: JsonObject): SpecialTokens {
  const nameOf = (field: string): string | undefined => {
    const value = config[field] as string | { content?: string } | null | undefined
    return typeof value === 'string' ? value : (value?.content ?? undefined)
  }
  const names = {
    cls: nameOf('cls_token'),
    sep: nameOf('sep_token'),
    unk: nameOf('unk_token'),
    pad: nameOf('pad_token'),
  }
  return Object.fromEntries(Object.entries(names).filter(([, name]) => name !== undefined))
}

/** Two switches of BERT's tokenizer that a vocabulary alone cannot express here. */
function refuseUnread(config: JsonObject, folder: string): void {
  for (const field of ['do_basic_tokenize', 'tokenize_chinese_chars']) {
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
