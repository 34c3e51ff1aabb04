import { orphansOf } from '../../posts/orphans'
import { type Finding, finding } from '../findings'
import { type DoctorFile, wholePosts, wordPlace } from '../post'

/** Finds I- labels that continue no entity of their type. */
export function checkOrphans(files: readonly DoctorFile[]): Finding[] {
  const findings: Finding[] = []
  for (const post of wholePosts(files)) {
    const { labels = [] } = post
    for (const at of orphansOf(labels)) {
      const after = at === 0 ? 'at the beginning' : `after ${labels[at - 1]}`
      const message = `${labels[at]} ${after}, word ${at + 1} of its post`
      findings.push(finding('orphan-inside', ...wordPlace(post, at), message))
    }
  }
  return findings
}

/** Finds posts without labels. */
export const checkUnlabelled = (files: readonly DoctorFile[]): Finding[] =>
  wholePosts(files)
    .filter(({ labels }) => labels === undefined)
    .map(({ label, source: { file, line } }) =>
      finding(
        'unlabelled-post',
        file,
        line,
        label === undefined ? 'no labels and no entities' : 'a class, no entities',
      ),
    )

/** Finds entity types that train lacks, or that only one of several splits has. */
export function checkTypes(files: readonly DoctorFile[]): Finding[] {
  if (files.length < 2) return []
  const seen = new Map<string, Map<string, [file: string, line: number]>>()
  for (const post of wholePosts(files)) {
    for (const [at, label] of (post.labels ?? []).entries()) {
      if (label === 'O') continue
      const type = label.slice(2)
      if (!seen.has(type)) seen.set(type, new Map())
      const places = seen.get(type)!
      if (!places.has(post.split)) places.set(post.split, wordPlace(post, at))
    }
  }
  const hasTrain = files.some(({ split }) => split === 'train')
  const findings: Finding[] = []
  for (const [type, places] of seen) {
    const [first] = places.values()
    const where = [...places.keys()].join(' and ')
    const message = `${type} occurs only in ${where}`
    if (hasTrain && !places.has('train')) {
      findings.push(finding('type-not-in-train', ...first!, message))
    } else if (places.size === 1) {
      findings.push(finding('type-in-one-split', ...first!, message))
    }
  }
  return findings
}
