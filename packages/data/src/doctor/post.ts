import type { SplitName } from '../dataset'
import type { Finding, FindingCode } from './findings'

/** One word of a post as the doctor read it. */
export interface DoctorWord {
  text: string
  /** Read as the product reads it (OTHER is MISC); absent for unlabelled text and for a label that cannot be read. */
  label?: string
  /** Counted from 1. */
  line: number
  /** The line itself in a CoNLL file, without what ends it. */
  raw?: string
}

/** One post as the doctor read it, readable or not. */
export interface DoctorPost {
  split: SplitName
  file: string
  /** Where it begins, counted from 1. */
  line: number
  /** Its own id; absent where the file gives none. */
  id?: string
  words: DoctorWord[]
  /** The pictures as the file names them, without those that must not be followed. */
  pictures: string[]
  /** The first thing that keeps the post from being read whole; checks of its text leave it alone. */
  fault?: FindingCode
  /** The post as JSON, where it is from a JSONL file and can be parsed. */
  json?: Record<string, unknown>
  /** Its line in a JSONL file. */
  raw?: string
}

/** One file of posts as the doctor read it. */
export interface DoctorFile {
  split: SplitName
  file: string
  format: 'conll' | 'jsonl'
  posts: DoctorPost[]
  /** What was found while reading. */
  findings: Finding[]
}

/** The labels of a post whose every word has one, else undefined. */
export function labelsOf({ words }: DoctorPost): string[] | undefined {
  const labels = words.flatMap(({ label }) => (label === undefined ? [] : [label]))
  return labels.length === words.length && labels.length > 0 ? labels : undefined
}
