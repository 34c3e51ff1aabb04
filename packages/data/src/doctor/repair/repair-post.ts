import { HEADER, withoutTrailingBlanks } from '../../formats/conll-line'
import { orphansOf } from '../checks/check-labels'
import { type DoctorPost, labelsOf } from '../post'
import type { Repair } from './repair'

/** What is written of a post, and what of it was changed. */
export interface RepairedPost {
  /** Lines of a CoNLL file with the empty one after them, or the line of a JSONL file; with their line feeds. */
  text: string
  repairs: Repair[]
}

/** The labels with every I- that continues nothing made B-, and what was changed. */
function repairLabels(post: DoctorPost): { labels: string[] | undefined; repairs: Repair[] } {
  const labels = labelsOf(post)
  const repairs = orphansOf(labels ?? []).map((at): Repair => {
    const before = labels![at]!
    labels![at] = `B-${before.slice(2)}`
    const repair = `${before} of word ${at + 1} made ${labels![at]}`
    return { code: 'orphan-inside', file: post.file, line: post.words[at]!.line, repair }
  })
  return { labels, repairs }
}

/** A post as it stands in a repaired CoNLL file; a line that is right stays as it was. */
export function repairConllPost(post: DoctorPost, pictures: readonly string[]): RepairedPost {
  const { labels, repairs } = repairLabels(post)
  const lines = post.words.map(({ raw = '' }, at) => {
    const text = withoutTrailingBlanks(raw)
    const separator = text.includes('\t') ? '\t' : ' '
    return text.slice(0, text.lastIndexOf(separator) + 1) + labels![at]
  })
  const headers = pictures.map(picture => HEADER + picture)
  return { text: [...headers, ...lines, '', ''].join('\n'), repairs }
}

const renameType = (entity: unknown): unknown =>
  (entity as { type?: unknown }).type === 'OTHER' ? { ...(entity as object), type: 'MISC' } : entity

/** A post as it stands in a repaired JSONL file; one that is right stays as it was. */
export function repairJsonlPost(post: DoctorPost, pictures: readonly string[]): RepairedPost {
  const { labels, repairs } = repairLabels(post)
  const { json = {}, raw = '' } = post
  const repaired: Record<string, unknown> = { ...json }
  if (Array.isArray(json['labels'])) repaired['labels'] = labels
  if (Array.isArray(json['entities'])) repaired['entities'] = json['entities'].map(renameType)
  const [field, named] = Array.isArray(json['images']) ? ['images', pictures] : ['image', pictures[0]]
  if (pictures.length > 0) repaired[field] = named
  else delete repaired[field]
  // An id beyond 2^53 was made a string in `json`, not in the line.
  const isSame = JSON.stringify(repaired) === JSON.stringify(JSON.parse(raw))
  return { text: `${isSame ? raw.trim() : JSON.stringify(repaired)}\n`, repairs }
}
