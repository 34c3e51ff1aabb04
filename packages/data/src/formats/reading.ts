import { basename } from 'node:path'
import { createPictureFinder } from '../pictures/picture-files'
import { dataError, quoted } from '../posts/data-error'
import type { Example, ReadReport, Split } from '../posts/example'
import type { SplitterName } from '../posts/split-words'

/** How files of posts are read. */
export interface ReadOptions {
  /** The images folder; without it no picture is looked up. */
  images?: string
  /** Whether a picture that is named but missing is an error. @default false */
  strict?: boolean
  /** The entity types allowed. @default any */
  types?: readonly string[]
  /** How a JSONL post's `text` is split into words. @default 'tweet' */
  splitter?: SplitterName
  /** The split's name. @default the file's name without its suffix */
  name?: string
}

/** A post as its file has it: its pictures are named, not yet looked up. */
export interface Post {
  example: Example
  pictures?: readonly string[]
}

/** What reading the text of a file counted. */
export interface TextCounts {
  labelsMapped: number
  wordsSplitAtEntities: number
}

/**
 * Turns the posts of one file into a split: looks up their pictures and writes the report.
 *
 * @throws InvalidArgumentError when there are no posts, or with `strict` when a picture is missing.
 */
export async function finishSplit(
  file: string,
  posts: readonly Post[],
  counts: TextCounts,
  { images, strict = false, name = basename(file).replace(/\.[^.]*$/, '') }: ReadOptions,
): Promise<Split> {
  if (posts.length === 0) {
    throw dataError({
      file,
      rule: 'must hold at least one post',
      received: 'an empty file',
      fix: 'Write the posts there (CoNLL lines with blank lines between posts, or JSONL), or remove the file.',
    })
  }
  const find = images === undefined ? undefined : await createPictureFinder(images)
  const report: ReadReport = { withoutPicture: 0, picturesNotLookedUp: 0, missingPictures: [], ...counts }
  for (const { example, pictures = [] } of posts) {
    if (pictures.length === 0) {
      report.withoutPicture++
    } else if (find === undefined) {
      report.picturesNotLookedUp++
    } else {
      const found: string[] = []
      for (const picture of pictures) {
        const path = await find(picture)
        if (path !== undefined) found.push(path)
        else report.missingPictures.push({ picture, file, line: example.source.line })
      }
      if (found[0] !== undefined) example.image = found[0]
      if (found.length > 1) example.images = found
    }
  }
  const first = report.missingPictures[0]
  if (strict && first) {
    throw dataError({
      file,
      line: first.line,
      rule: `must name a picture that is in ${images}`,
      received: `${quoted(first.picture)}, the first of ${report.missingPictures.length} that are missing`,
      fix: 'Add the pictures, or read without strict: these posts are then read as posts without a picture.',
    })
  }
  return { name, examples: posts.map(post => post.example), report }
}
