import type { ParsedPost, Post } from '../posts/post'
import { readLabel, shownLabel } from '../posts/read-label'
import type { Format, Parsed, Place } from './format'

function parse(lines: readonly (string | undefined)[], { file, line: start = 1, types }: Place): Parsed {
  const parsed: Parsed = { posts: [], problems: [] }
  for (const [index, raw] of lines.entries()) {
    const line = start + index
    const [id = '', pictures = '', tagged = ''] = raw?.split('\t') ?? []
    const written = { lines: [raw ?? ''], first: line, ownId: true }
    const post: ParsedPost = { id, words: [], labels: [], source: { file, line }, pictures: [], written }
    parsed.posts.push(post)
    if (raw === undefined) post.fault = 'not-utf8'
    if (pictures !== '') post.pictures = pictures.split(',')
    for (const one of tagged.split(' ')) {
      const slash = one.lastIndexOf('/')
      const read = readLabel(one.slice(slash + 1), types)
      post.words.push(one.slice(0, slash))
      post.labels!.push(typeof read === 'string' ? read : 'O')
      if (typeof read === 'string') continue
      post.fault ??= 'label-outside-scheme'
      const about = shownLabel(one.slice(slash + 1))
      parsed.problems.push({ code: 'label-outside-scheme', line, about, error: read })
    }
  }
  return parsed
}

const write = ({ id, words, labels = [], pictures = [] }: Post): string =>
  `${id}\t${pictures.join(',')}\t${words.map((word, at) => `${word}/${labels[at]}`).join(' ')}\n`

/** One post a line: its id, its pictures and `word/LABEL word/LABEL`, parted by tabs. */
export const tagged: Format = { name: 'tagged', suffixes: ['.tagged'], looksLike: () => false, parse, write }
