import type { Entity } from '@mafjs/data'
import type { PostKind, ShowcasePost } from '@mafjs/demo-corpus'
import type { TaggedPost } from '@mafjs/ner-maf'
import { percent } from './demo-report'

const TOLD_BY: Record<PostKind, string> = {
  text: 'told by the words, and the picture agrees',
  picture: 'told only by the picture',
  mismatch: 'told by the words, while the picture misleads',
  'no-picture': 'told by the words',
  'no-entity': 'told by nothing',
}

const sameEntities = (found: readonly Entity[], meant: readonly Entity[]): boolean =>
  found.length === meant.length &&
  found.every(({ type, start, end }, i) => {
    const other = meant[i]!
    return type === other.type && start === other.start && end === other.end
  })

/** A few posts as a person reads them: what stands there, what is meant, and what the model makes of it. */
export function describeShowcase(posts: readonly ShowcasePost[], tagged: readonly TaggedPost[]): string {
  const describe = (post: ShowcasePost, { entities, match }: TaggedPost): string => {
    const named = ({ start, end, type }: Entity): string =>
      `${post.text.slice(post.offsets[start]![0], post.offsets[end - 1]![1])} ${type}`
    const meant = post.entities.map(entity =>
      entity.decidedBy === 'text' && post.kind === 'picture'
        ? `${named(entity)} (told by the words)`
        : `${named(entity)} (${TOLD_BY[post.kind]})`,
    )
    const found = entities.map(entity => `${named(entity)} ${percent(entity.score)} %`)
    const verdict = sameEntities(entities, post.entities) ? 'right' : 'wrong'
    const belongs = match === null ? '' : `; text and picture belong together: ${percent(match)} %`
    return [
      `  ${post.title}: "${post.text}"`,
      `    truth: ${meant.join(', ')}`,
      `    MAF:   ${found.length > 0 ? found.join(', ') : 'no name'}, ${verdict}${belongs}`,
    ].join('\n')
  }
  return posts.map((post, row) => describe(post, tagged[row]!)).join('\n')
}
