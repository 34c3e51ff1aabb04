import { isObject } from '@mafjs/tensor/files'
import { parsePost } from '../formats/parse-post'
import { checkPictureName } from '../pictures/picture-files'
import { readLabel } from '../posts/read-label'
import type { SplitterName } from '../posts/split-words'
import { type Finding, type FindingCode, finding, shownLabel } from './findings'
import type { DoctorFile, DoctorPost } from './post'
import type { SourceLines } from './read-source'

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

/** The rule that a post breaks, without the post itself, which the reader's message quotes. */
const brokenRule = (error: unknown, file: string, line: number): string =>
  messageOf(error)
    .replace(`${file}:${line} `, '')
    .replace(/\. Received:.*$/s, '')

/** A number that JSON.parse would round, as a string. */
const withStringId = (raw: string): string => raw.replace(/("id"\s*:\s*)(-?\d{16,})(?=\s*[,}])/, '$1"$2"')

/** Reads one line, and everything that is wrong with it. */
const readPost = (
  post: DoctorPost,
  raw: string,
  splitter: SplitterName | undefined,
  report: (code: FindingCode, message: string) => void,
): { mapped: number } => {
  const refuse = (code: FindingCode, message: string): { mapped: number } => {
    report(code, message)
    post.fault ??= code
    return { mapped: 0 }
  }
  const { file, line } = post
  let json: unknown
  try {
    json = JSON.parse(raw)
    if (isObject(json) && typeof json['id'] === 'number' && !Number.isSafeInteger(json['id'])) {
      const spelled = withStringId(raw)
      if (spelled !== raw) {
        report('rounded-id', 'an id beyond 2^53')
        json = JSON.parse(spelled)
      }
    }
  } catch {
    return refuse('unreadable-line', 'must be one JSON object')
  }
  if (!isObject(json)) return refuse('unreadable-line', 'must be one JSON object')
  post.json = json
  const { id, tokens, text, labels, image, images } = json
  if (typeof id === 'string' || typeof id === 'number') post.id = String(id)
  const isBlank = text === undefined || text === null || (typeof text === 'string' && text.trim() === '')
  if (Array.isArray(tokens) ? tokens.length === 0 : tokens == null && isBlank) {
    return refuse('empty-post', 'neither a token nor a text with a word')
  }
  const readable: Record<string, unknown> = { ...json }
  if (Array.isArray(labels)) {
    readable['labels'] = labels.map((label: unknown, at) => {
      try {
        if (typeof label === 'string') readLabel(label, { file, line })
        return label
      } catch {
        refuse('label-outside-scheme', `${shownLabel(label)} at token ${at + 1}`)
        return 'O'
      }
    })
  }
  const isFollowed = (name: unknown): boolean => {
    try {
      if (typeof name === 'string') checkPictureName(name, file, line)
      return true
    } catch {
      report('picture-name', 'a picture name that must not be followed')
      return false
    }
  }
  if (!isFollowed(image)) delete readable['image']
  if (Array.isArray(images)) readable['images'] = images.filter(isFollowed)
  try {
    const options = { file, line, ...(splitter && { splitter }) }
    const { example, pictures = [], counts } = parsePost(JSON.stringify(readable), options)
    post.words = example.words.map((word, at) => {
      const label = example.labels?.[at]
      return { text: word, line, ...(label !== undefined && { label }) }
    })
    post.pictures = [...pictures]
    if (!example.labels) report('unlabelled-post', 'no labels and no entities')
    return { mapped: counts.labelsMapped }
  } catch (error) {
    return refuse('unreadable-line', brokenRule(error, file, line))
  }
}

/** Reads a JSONL file line by line, as `readJsonl` does, and goes on after each post that it refuses. */
export function readJsonlPosts(
  { split, file }: Pick<DoctorFile, 'split' | 'file'>,
  { lines, findings: found }: SourceLines,
  splitter?: SplitterName,
): DoctorFile {
  const posts: DoctorPost[] = []
  const findings: Finding[] = [...found]
  let others = 0
  let firstOther = 0
  for (const [index, raw] of lines.entries()) {
    if (raw !== undefined && raw.trim() === '') continue
    const line = index + 1
    const post: DoctorPost = { split, file, line, words: [], pictures: [], ...(raw !== undefined && { raw }) }
    posts.push(post)
    if (raw === undefined) {
      post.fault = 'not-utf8'
      continue
    }
    const report = (code: FindingCode, message: string): void => {
      findings.push(finding(code, file, line, message))
    }
    const { mapped } = readPost(post, raw, splitter, report)
    others += mapped
    if (mapped > 0) firstOther ||= line
  }
  if (others > 0) findings.push(finding('other-type', file, firstOther, `${others} labels of type OTHER`))
  return { split, file, format: 'jsonl', posts, findings }
}
