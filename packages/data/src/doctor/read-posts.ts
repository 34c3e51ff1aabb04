import { findSplitFiles } from '../dataset'
import type { Problem } from '../posts/problem'
import type { SplitterName } from '../posts/split-words'
import { readFile } from '../reading/read-file'
import { type Finding, type FindingCode, finding } from './findings'
import type { DoctorFile } from './post'

/** What the doctor says of a problem; what every post may have is one finding of its file. */
function findingsOf(file: string, problems: readonly Problem[]): Finding[] {
  const others = problems.filter(({ code }) => code === 'other-type')
  const findings = problems
    .filter(({ code }) => code !== 'other-type' && code !== 'split-word')
    .map(({ code, line, about }) => finding(code as FindingCode, file, line, about))
  if (others[0])
    findings.push(finding('other-type', file, others[0].line, `${others.length} labels of type OTHER`))
  return findings
}

/**
 * Reads every file of a data set for the doctor: whatever is wrong in it is a finding.
 *
 * @param data a folder with train, valid (or dev) and test files, or one file.
 * @param splitter how the texts of JSONL posts become words. @default 'tweet'
 * @throws InvalidArgumentError when the files themselves are missing or doubled.
 */
export async function readPosts(data: string, splitter?: SplitterName): Promise<DoctorFile[]> {
  const files: DoctorFile[] = []
  for (const [split, file] of await findSplitFiles({ data })) {
    const { format, posts, problems } = await readFile(file, { splitter })
    const findings = findingsOf(file, problems)
    if (posts.length === 0 && !findings.some(({ code }) => code === 'not-utf8')) {
      findings.push(finding('empty-file', file, undefined, 'holds no post'))
    }
    files.push({ split, file, format, posts: posts.map(post => ({ ...post, split })), findings })
  }
  return files
}
