import { join } from 'node:path'
import { InvalidArgumentError } from '@mafjs/tensor'
import type { TokenizerJson, TokenizerPart } from '../tokenizer/tokenizer-json'
import type { TokenizerFiles } from './tokenizer-files'

/** The model of a `tokenizer.json` by how its class cuts words. */
const MODELS = new Map<string, string>([
  ['WordPiece', 'WordPiece'],
  ['BPE', 'BPE'],
  ['codes', 'BPE'],
  ['Unigram', 'Unigram'],
])

/** Switches of BERT's normalizer that two files state, by their names in each. */
const SWITCHES = [
  ['strip_accents', 'strip_accents'],
  ['tokenize_chinese_chars', 'handle_chinese_chars'],
] as const

function lowercases(part: TokenizerPart | null | undefined): boolean {
  if (part?.type === 'Sequence' && Array.isArray(part['normalizers']))
    return part['normalizers'].some(lowercases)
  return part?.type === 'Lowercase' || part?.['lowercase'] === true
}

/**
 * Checks that `tokenizer_config.json` says of a `tokenizer.json` what is in it.
 *
 * @throws InvalidArgumentError naming the field that says something else.
 */
export function refuseContradiction(
  definition: TokenizerJson,
  { config, family }: Pick<TokenizerFiles, 'config' | 'family'>,
  folder: string,
): void {
  const refuse = (field: string, rule: string, received: unknown): never => {
    throw new InvalidArgumentError({
      argument: `${join(folder, 'tokenizer_config.json')}: ${field}`,
      rule,
      received,
      fix: 'Its files contradict each other: keep those that belong to the checkpoint.',
    })
  }
  const { type } = definition.model
  const model = MODELS.get(family)
  if (model !== undefined && model !== type) {
    const rule = `must be a class whose words are cut by ${type}, as the model in tokenizer.json`
    refuse('tokenizer_class', rule, config['tokenizer_class'] ?? `a ${family} tokenizer, as config.json says`)
  }
  // Only BERT's class acts on this field; others may state it and mean nothing.
  if (type !== 'WordPiece') return
  const normalizer = (definition['normalizer'] ?? {}) as TokenizerPart
  const states = (field: string, stated: unknown, own: string, other: unknown): void => {
    if (typeof stated !== 'boolean' || typeof other !== 'boolean' || stated === other) return
    refuse(field, `must be ${other}, as ${own} of the normalizer in tokenizer.json`, stated)
  }
  states('do_lower_case', config['do_lower_case'], 'lowercase', lowercases(normalizer))
  if (normalizer.type !== 'BertNormalizer') return
  for (const [field, own] of SWITCHES) states(field, config[field], own, normalizer[own])
}
