import { findSplitFiles, unreadFiles } from '../dataset'
import { quoted } from '../posts/data-error'
import { countedKinds, type Problem, type ProblemCode } from '../posts/problem'
import { fittingReading } from '../reading/fitting-reading'
import { type Reading, readFile } from '../reading/read-file'
import { type Finding, finding } from './findings'
import type { DoctorFile } from './post'

/** What many labels of a file may be, said once for all of them. */
const COUNTED = new Map<ProblemCode, string>([
  ['other-type', 'labels of type OTHER'],
  ['other-scheme', 'labels of BIOES, BILOU or with other signs'],
])

/** Those of which a file has several kinds, each said once with its count. */
const COUNTED_BY_KIND = new Set<ProblemCode>(['not-carried', 'left-out'])

/** What the doctor says of a problem; what every post may have is one finding of its file. */
function findingsOf(file: string, problems: readonly Problem[]): Finding[] {
  const findings = problems
    .filter(({ code }) => !COUNTED.has(code) && !COUNTED_BY_KIND.has(code))
    .map(({ code, file: own = file, line, about, error }) => {
      const message = code === 'unknown-field' ? `a field ${quoted(about, 40)} that is not read` : about
      const found = finding(code, own, line, message)
      // What cannot be read is mended as its format says.
      return code === 'unreadable-line' && error ? { ...found, fix: error.fix } : found
    })
  for (const [code, what] of COUNTED) {
    const all = problems.filter(problem => problem.code === code)
    if (all[0]) findings.push(finding(code, file, all[0].line, `${all.length} ${what}`))
  }
  for (const { code, line, about, count } of countedKinds(problems, COUNTED_BY_KIND)) {
    findings.push(finding(code, file, line, `${count} ${about}`))
  }
  return findings
}

/** How a data set is read for the doctor. */
export interface ReadPostsOptions {
  reading?: Reading | undefined
  /** Whether a file whose entities all fit by another way of counting is read by that. @default false */
  convertsOffsets?: boolean | undefined
}

/**
 * Reads every file of a data set for the doctor: whatever is wrong in it is a finding.
 *
 * @param data a folder with train, valid (or val, dev) and test files, or one file.
 * @throws InvalidArgumentError when the files themselves are missing or doubled.
 */
export async function readPosts(
  data: string,
  { reading = {}, convertsOffsets = false }: ReadPostsOptions = {},
): Promise<DoctorFile[]> {
  const files: DoctorFile[] = []
  for (const [split, file] of await findSplitFiles({ data })) {
    const given = await readFile(file, reading)
    const fitting = await fittingReading(file, reading, given)
    const isConverted = convertsOffsets && fitting?.isOffsets === true
    const { format, container, posts, problems } = isConverted ? fitting.read : given
    const findings = findingsOf(file, problems)
    if (fitting)
      findings.push(finding('other-offsets', file, undefined, `all entities fit as ${fitting.what}`))
    if (posts.length === 0 && !findings.some(({ code }) => code === 'not-utf8')) {
      findings.push(finding('empty-file', file, undefined, 'holds no post'))
    }
    files.push({ split, file, format, container, posts: posts.map(post => ({ ...post, split })), findings })
  }
  return files
}

/** The files of a data folder that nobody reads. */
export const checkUnreadFiles = async (data: string): Promise<Finding[]> =>
  (await unreadFiles(data)).map(name =>
    finding('unread-file', data, undefined, `${quoted(name)} is no split`),
  )
