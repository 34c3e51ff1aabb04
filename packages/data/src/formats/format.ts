import type { LabelSchemeName } from '../posts/orphans'
import type { PictureNaming } from '../posts/picture-name'
import type { ParsedPost, Post, SourcePlace } from '../posts/post'
import type { Problem } from '../posts/problem'
import type { EntityReading } from '../posts/read-entities'
import type { SplitterName } from '../posts/split-words'

/** Where lines of posts stand, and how they are read. */
export interface Place extends EntityReading {
  /** The file, as errors name it. */
  file: string
  /** Where the first of the lines stands. @default 1 */
  line?: number | undefined
  /** Where each of them stands, where they are not one below the other in the file. */
  places?: readonly SourcePlace[] | undefined
  /** The names of labels that are numbers, in their order: Hugging Face's `ner_tags`. @default those that the file or its data set has */
  labelNames?: readonly string[] | undefined
  /** The column of the labels in a file of columns: its number from 1, or its name in `# global.columns`. @default the last */
  column?: number | string | undefined
  /** The column of the words. @default the first, or FORM where columns have names */
  wordColumn?: number | string | undefined
  /** How a post's `text` is split into words. @default 'tweet' */
  splitter?: SplitterName | undefined
  /** What labels mean: in `iob1` an I- opens an entity too, and a B- only one that touches another. @default 'bio' */
  scheme?: LabelSchemeName | undefined
  /** How posts name their pictures. @default by their paths in the images folder */
  pictureNaming?: PictureNaming | undefined
  /** Whether labels and entities are read. Where they are not, as in prediction, words may be wanting, and an id be anything. @default true */
  labels?: boolean | undefined
}

/** What lines hold: every post, whole or with a `fault`, and everything that was met, both in their order. */
export interface Parsed {
  posts: ParsedPost[]
  problems: Problem[]
}

/** A way to write posts down. It needs no Node: a page may read posts too. */
export interface Format {
  name: string
  /** Of files that are in it where no format is recognised by their lines, in lower case with the dot. */
  suffixes: readonly string[]
  /** Whether lines are in it for certain, whatever the name of their file. */
  looksLike(lines: readonly string[]): boolean
  /**
   * Reads posts, and goes on after whatever is wrong.
   *
   * @param lines without what ends them; undefined where the bytes are not UTF-8, which was said already.
   */
  parse(lines: readonly (string | undefined)[], place: Place): Parsed
  /**
   * One post as its file has it, with the line feeds; what is right in a post that was parsed stays as it was written.
   * Formats of other tools may be read only.
   *
   * @throws InvalidArgumentError for a post that the format cannot hold.
   */
  write?(post: Post): string
}

/** A format that posts are written in, too. */
export type WritingFormat = Required<Format>

/** The id that a post's file gives it; nothing where it has the one of its place. */
export const ownId = ({ id, source: { file, line } }: Post): string | undefined =>
  id === idOfPlace(file, line) ? undefined : id

/** The id of a post that its file gives none. */
export const idOfPlace = (file: string, line: number): string => `${file.replace(/^.*[/\\]/s, '')}:${line}`
