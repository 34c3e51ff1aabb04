import type { Format } from '../formats/format'
import type { Post } from '../posts/post'

/** What some formats need beside the posts. */
export interface TargetOptions {
  /** What Label Studio calls the predictions. @default 'ner-maf' */
  modelVersion?: string | undefined
  /** What stands before the name of a picture where Label Studio serves it. @default nothing */
  imagePrefix?: string | undefined
}

/** What posts can be converted to. */
export interface ConversionTarget {
  name: string
  /** Of its files, with the dot. */
  suffix: string
  /** What reads it again, so that what was written is seen to say the same; absent where it is read by people alone. */
  format?: Format | undefined
  /** What of a post it cannot hold: what that is, and how often. */
  leaves(post: Post): [what: string, count: number][]
  /**
   * A whole file.
   *
   * @param options with the posts of all files that are written together
   * @throws InvalidArgumentError for a post that it cannot hold.
   */
  write(posts: readonly Post[], options: TargetOptions & { all: readonly Post[] }): string
  /** Further files of a folder, by name, from its splits. */
  beside?(splits: ReadonlyMap<string, readonly Post[]>): Map<string, string>
}
