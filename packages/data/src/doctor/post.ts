import type { SplitName } from '../dataset'
import type { Format } from '../formats/format'
import { lineOf, type ParsedPost } from '../posts/post'
import type { Finding } from './findings'

/** A post as the doctor examines it, readable or not. */
export interface DoctorPost extends ParsedPost {
  split: SplitName
}

/** One file of posts as the doctor read it. */
export interface DoctorFile {
  split: SplitName
  file: string
  format: Format
  /** What it is, where its posts do not stand in lines. */
  container?: string | undefined
  posts: DoctorPost[]
  /** What was found while reading. */
  findings: Finding[]
}

/** The posts that could be read whole; checks of text leave the others alone. */
export const wholePosts = (files: readonly DoctorFile[]): DoctorPost[] =>
  files.flatMap(({ posts }) => posts.filter(({ fault }) => fault === undefined))

/** Where a post begins, as a finding names it. */
export const placeOf = ({ source: { file, line } }: DoctorPost): string => `${file}:${line}`

/** Where a word stands. */
export const wordPlace = (post: DoctorPost, word: number): [file: string, line: number] => [
  post.source.file,
  lineOf(post, word),
]
