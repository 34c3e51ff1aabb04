import type { SplitName } from '../../dataset'
import { type Finding, type FindingCode, finding } from '../findings'
import { type DoctorFile, type DoctorPost, placeOf, wholePosts } from '../post'

/** The words of a post as a key that is equal for equal words only. */
export const wordsKey = ({ words }: DoctorPost): string => JSON.stringify(words)

/** Whether two posts have the same labels. */
export const haveSameLabels = (a: DoctorPost, b: DoctorPost): boolean =>
  JSON.stringify(a.labels) === JSON.stringify(b.labels)

/** Calls back for each post that has the key of an earlier one, with the first such post of each split. */
function eachRepeated(
  posts: readonly DoctorPost[],
  keyOf: (post: DoctorPost) => string,
  visit: (post: DoctorPost, earlier: DoctorPost) => void,
): void {
  const seen = new Map<string, Map<SplitName, DoctorPost>>()
  for (const post of posts) {
    const key = keyOf(post)
    const firsts = seen.get(key)
    if (!firsts) {
      seen.set(key, new Map([[post.split, post]]))
      continue
    }
    for (const earlier of firsts.values()) visit(post, earlier)
    if (!firsts.has(post.split)) firsts.set(post.split, post)
  }
}

/** Finds ids that occur twice, within a split or in two of them. */
export function checkIds(files: readonly DoctorFile[]): Finding[] {
  const findings: Finding[] = []
  const posts = files.flatMap(file => file.posts)
  eachRepeated(
    posts,
    ({ id }) => id,
    (post, earlier) => {
      const code = post.split === earlier.split ? 'duplicate-id' : 'id-across-splits'
      findings.push(finding(code, post.source.file, post.source.line, `has the id of ${placeOf(earlier)}`))
    },
  )
  return findings
}

/** Finds posts with the words of another, by whether the labels are the same and the split is. */
export function checkTexts(files: readonly DoctorFile[]): Finding[] {
  const findings: Finding[] = []
  eachRepeated(wholePosts(files), wordsKey, (post, earlier) => {
    const isWithin = post.split === earlier.split
    const isSame = haveSameLabels(post, earlier)
    const code: FindingCode = isSame
      ? isWithin
        ? 'duplicate-text'
        : 'text-across-splits'
      : 'conflicting-labels'
    const message = isSame
      ? `has the words and labels of ${placeOf(earlier)}`
      : `has the words of ${placeOf(earlier)} with other labels${isWithin ? '' : ', in another split'}`
    findings.push(finding(code, post.source.file, post.source.line, message))
  })
  return findings
}
