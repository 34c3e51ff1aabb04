import { CONTAINERS } from '../containers/containers'
import { autogluon } from './autogluon'
import { brat } from './brat'
import { conll } from './conll'
import { doccano } from './doccano'
import type { Format } from './format'
import { huggingFace } from './hugging-face'
import { jsonl } from './jsonl'
import { labelStudio } from './label-studio'
import { prodigy } from './prodigy'
import { spacy } from './spacy'

/** Every format. They are tried from the last to the first, which takes what looks like no other. */
export const FORMATS: readonly Format[] = [
  conll,
  jsonl,
  huggingFace,
  spacy,
  doccano,
  prodigy,
  autogluon,
  labelStudio,
  brat,
]

/** The suffixes that a file of posts may have. */
export const POSTS_SUFFIXES = [...FORMATS, ...CONTAINERS].flatMap(({ suffixes }) => suffixes)

/** What a file of posts is, for errors. */
export const POSTS_FILE = `a file of posts (${[
  FORMATS.map(({ name }) => name).join(', '),
  POSTS_SUFFIXES.join(', '),
].join('; ')})`

/** The format of a file: its lines say so, or else its suffix does. */
export function formatOf(file: string, lines: readonly string[]): Format {
  const name = file.toLowerCase()
  const hasSuffix = ({ suffixes }: Format): boolean => suffixes.some(suffix => name.endsWith(suffix))
  return FORMATS.findLast(({ looksLike }) => looksLike(lines)) ?? FORMATS.find(hasSuffix) ?? conll
}
