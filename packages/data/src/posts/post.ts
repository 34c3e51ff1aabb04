import type { TextEntity } from './entity-words'
import type { FaultCode } from './problem'

/** A typed span of words. */
export interface Entity {
  type: string
  /** Index of the first word. */
  start: number
  /** Index after the last word. */
  end: number
}

/** Where a post begins. */
export interface SourcePlace {
  file: string
  /** Counted from 1; in a file without lines, the number of its record. */
  line: number
}

/** How a file has a post, so that its words can be named by line, and it be written again with what is right left as it was. */
export interface Written {
  /** The lines of its words, or the one that it is; without what ends them. */
  lines: string[]
  /** Where the first of them stands, counted from 1. */
  first: number
  /** Its fields, where it is an object of JSON; an id too large for a number is the string of its digits. */
  fields?: Record<string, unknown>
  /** Its entities as they were read, in their order; where it has any. */
  entities?: TextEntity[]
}

/** One post, from its file to a report. */
export interface Post {
  /** The post's own name: its IMGID or its JSONL `id`; `<file name>:<line>` where the file gives none. */
  id: string
  words: string[]
  /** One BIO label per word (`O`, `B-T`, `I-T`), exactly as the file has them; absent for unlabelled text. */
  labels?: string[] | undefined
  /** The types that were labelled, where those were not all: an O may then be any other. @default all */
  labelledTypes?: string[] | undefined
  /** Indices of words, all O, of which nobody said what they are. @default none */
  unlabelled?: number[] | undefined
  /** The class of the whole post, where its file gives one; a tagger does not read it. */
  label?: string | undefined
  /** The picture's path, relative to the images folder; absent when the post has no picture at hand. */
  image?: string | undefined
  /** All its pictures, of which `image` is the first; absent when there is at most one. */
  images?: string[] | undefined
  /** One name for all its pictures, where another file of the folder has the same bytes as one of them. */
  pictureId?: string | undefined
  /** The post as it was written; absent when the file gives words only. */
  text?: string | undefined
  /** Where each word stands in `text`: `[start, end]` in UTF-16 units, end exclusive. */
  offsets?: [start: number, end: number][] | undefined
  source: SourcePlace
  /** The pictures as the file names them, without those that must not be followed; a parser's, not yet looked up. */
  pictures?: string[] | undefined
  /** How the file has it; a parser's. */
  written?: Written | undefined
  /** What first kept a parser from reading it whole; its words and labels may be wanting. */
  fault?: FaultCode | undefined
}

/** A post fresh from its file. */
export interface ParsedPost extends Post {
  pictures: string[]
  written: Written
}

/** The line of a word of a parsed post, counted from 1. */
export const lineOf = ({ written }: ParsedPost, word: number): number =>
  written.first + (written.lines.length > 1 ? word : 0)

/** A picture that a post names and that is not in the images folder. */
export interface MissingPicture {
  /** The IMGID or image path as the file has it. */
  picture: string
  file: string
  line: number
}

/** What a reader met that a person should know; nothing of it stops the reading. */
export interface ReadReport {
  /** Posts that name no picture: a normal case. */
  withoutPicture: number
  /** Posts whose picture was not looked up, because no images folder was given. */
  picturesNotLookedUp: number
  /** Pictures named but not in the images folder; their posts are read as posts without a picture. */
  missingPictures: MissingPicture[]
  /** Labels of type OTHER read as MISC. */
  labelsMapped: number
  /** Labels of another scheme (BIOES, BILOU, `PER-B`) read as BIO. */
  labelsConverted: number
  /** Labels I- that continue no entity of their type. */
  orphans: number
  /** Entities that do not begin and end where words do and were given whole words. */
  misplacedEntities: number
  /** Names of fields that were not read. */
  unknownFields: string[]
  /** What another tool wrote and posts do not have, each kind with its count: `3 relations`. */
  notCarried: string[]
  /** Records that are no posts, each kind with its count: `2 rejected answers`. */
  leftOut: string[]
}

/** One file of examples. */
export interface Split {
  /** `train`, `valid`, `test`, or the file's name. */
  name: string
  examples: Post[]
  report: ReadReport
}
