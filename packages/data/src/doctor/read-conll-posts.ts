import { parseConllLine } from '../formats/conll-line'
import { checkPictureName } from '../pictures/picture-files'
import { readLabel } from '../posts/read-label'
import { type Finding, type FindingCode, finding, shownLabel } from './findings'
import type { DoctorFile, DoctorPost } from './post'
import type { SourceLines } from './read-source'

/** Whether something that throws for bad data does not. */
const passes = (check: () => void): boolean => {
  try {
    check()
    return true
  } catch {
    return false
  }
}

/** Reads a file in MNER's CoNLL format line by line, as `readConll` does, and goes on after each line that it refuses. */
export function readConllPosts(
  { split, file }: Pick<DoctorFile, 'split' | 'file'>,
  { lines, findings: found }: SourceLines,
): DoctorFile {
  const posts: DoctorPost[] = []
  const findings: Finding[] = [...found]
  let open: DoctorPost | undefined
  let others = 0
  let firstOther = 0
  const close = (): void => {
    if (open && open.words.length === 0 && open.fault === undefined) {
      open.fault = 'empty-post'
      findings.push(finding('empty-post', file, open.line, 'a header and no word'))
    }
    open = undefined
  }
  const begin = (line: number, id?: string): DoctorPost => {
    const post: DoctorPost = { split, file, line, ...(id !== undefined && { id }), words: [], pictures: [] }
    posts.push(post)
    return post
  }
  const refuse = (code: FindingCode, line: number, message: string): void => {
    findings.push(finding(code, file, line, message))
    open ??= begin(line)
    open.fault ??= code
  }
  for (const [index, raw] of lines.entries()) {
    const line = index + 1
    if (raw === undefined) {
      // The finding is there already; without all its words the post is none.
      open ??= begin(line)
      open.fault ??= 'not-utf8'
      continue
    }
    const parsed = parseConllLine(raw, open !== undefined)
    if (parsed.kind === 'blank') {
      close()
    } else if (parsed.kind === 'header') {
      if (open && open.words.length > 0) {
        findings.push(finding('second-header', file, line, 'a header below the words of another post'))
      }
      // Headers one below another are of one post.
      if (!open || open.words.length > 0 || open.fault !== undefined) {
        close()
        open = begin(line, parsed.picture)
      }
      if (open.pictures.includes(parsed.picture)) {
        findings.push(finding('second-header', file, line, 'the same header again'))
      } else if (passes(() => checkPictureName(parsed.picture, file, line))) {
        open.pictures.push(parsed.picture)
      } else findings.push(finding('picture-name', file, line, 'a picture name that must not be followed'))
    } else if (parsed.kind === 'unreadable') {
      refuse('unreadable-line', line, parsed.problem)
    } else {
      let label: string | undefined
      const onMapped = (): void => {
        others++
        firstOther ||= line
      }
      if (
        passes(() => {
          label = readLabel(parsed.label, { file, line, onMapped })
        })
      ) {
        open ??= begin(line)
      } else {
        refuse('label-outside-scheme', line, shownLabel(parsed.label))
      }
      open!.words.push({ text: parsed.word, line, raw, ...(label !== undefined && { label }) })
    }
  }
  close()
  if (others > 0) findings.push(finding('other-type', file, firstOther, `${others} labels of type OTHER`))
  const last = lines.at(-1)
  if (last !== undefined && parseConllLine(last, true).kind !== 'blank') {
    findings.push(finding('no-final-blank-line', file, lines.length, 'no empty line after the last post'))
  }
  return { split, file, format: 'conll', posts, findings }
}
