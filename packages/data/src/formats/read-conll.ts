import { basename } from 'node:path'
import { checkPictureName } from '../pictures/picture-files'
import { dataError, quoted } from '../posts/data-error'
import type { Split } from '../posts/example'
import { readLabel } from '../posts/read-label'
import { HEADER, parseConllLine, withoutTrailingBlanks } from './conll-line'
import { readLines } from './read-lines'
import { finishSplit, type Post, type ReadOptions, type TextCounts } from './reading'

/** A post that is being read. */
interface OpenPost extends Post {
  labels: string[]
  pictures: string[]
}

/** The posts of a file in MNER's CoNLL format, from its lines. */
const parsePosts = (lines: readonly string[], file: string, types?: readonly string[]) => {
  const posts: Post[] = []
  const counts: TextCounts = { labelsMapped: 0, wordsSplitAtEntities: 0 }
  const onMapped = (): void => {
    counts.labelsMapped++
  }
  let open: OpenPost | undefined
  const close = (): void => {
    if (open?.example.words.length === 0) {
      throw dataError({
        file,
        line: open.example.source.line,
        rule: 'must be followed by the words of its post',
        received: `${quoted(HEADER + open.pictures.at(-1))} and no word`,
        fix: 'Put the words straight below the header, or remove it.',
      })
    }
    if (open) posts.push({ example: open.example, pictures: open.pictures })
    open = undefined
  }
  const begin = (line: number, picture?: string): OpenPost => {
    const labels: string[] = []
    const id = picture ?? `${basename(file)}:${line}`
    const example = { id, words: [], labels, source: { file, line } }
    return { example, labels, pictures: picture === undefined ? [] : [picture] }
  }
  for (const [index, raw] of lines.entries()) {
    const line = index + 1
    const parsed = parseConllLine(raw, open !== undefined)
    if (parsed.kind === 'blank') {
      close()
    } else if (parsed.kind === 'header') {
      if (open && open.example.words.length > 0) {
        throw dataError({
          file,
          line,
          rule: 'must not be a header below the words of a post',
          received: quoted(withoutTrailingBlanks(raw)),
          fix: 'Put an empty line between posts; all headers of a post stand above its words.',
        })
      }
      checkPictureName(parsed.picture, file, line)
      if (open?.pictures.includes(parsed.picture)) {
        throw dataError({
          file,
          line,
          rule: 'must not name a picture of the post again',
          received: quoted(withoutTrailingBlanks(raw)),
          fix: 'Put one header above each post for each of its pictures.',
        })
      }
      if (open) open.pictures.push(parsed.picture)
      else open = begin(line, parsed.picture)
    } else if (parsed.kind === 'unreadable') {
      throw dataError({
        file,
        line,
        rule: 'must have a word and its label, parted by a tab or a space',
        received: `${quoted(withoutTrailingBlanks(raw))}, ${parsed.problem}`,
        fix: `Write word, tab, label; an empty line between posts; "${HEADER}name" above a post with a picture.`,
      })
    } else {
      const label = readLabel(parsed.label, { file, line, ...(types && { types }), onMapped })
      open ??= begin(line)
      open.example.words.push(parsed.word)
      open.labels.push(label)
    }
  }
  close()
  return { posts, counts }
}

/**
 * Reads MNER's CoNLL format: `IMGID:name` above a post for each of its pictures, the first its id, a word and its BIO label on each line
 * (parted by a tab, else by a space), an empty line between posts. OTHER is read as MISC; labels are otherwise kept
 * exactly, an I- that follows no entity too.
 *
 * @throws InvalidArgumentError naming file and line of whatever cannot be read without loss.
 */
export async function readConll(file: string, options: ReadOptions = {}): Promise<Split> {
  const lines = await readLines(file, 'a file of posts in CoNLL format')
  const { posts, counts } = parsePosts(lines, file, options.types)
  return finishSplit(file, posts, counts, options)
}
