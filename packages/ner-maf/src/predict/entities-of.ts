import type { ReadPost } from '@mafjs/data'
import type { TaggedPost } from '../task/decode-posts'
import type { AnnotatedEntity } from './annotation'

/** The entities of a post by their places in its text, without those of a lower score. */
export function entitiesOf(
  { text, offsets }: ReadPost,
  tagged: Pick<TaggedPost, 'entities'> | undefined,
  minScore: number,
): AnnotatedEntity[] {
  const sure = tagged?.entities.filter(({ score }) => score >= minScore) ?? []
  return sure.map(({ type, start, end, score }) => {
    const [from, to] = [offsets[start]![0], offsets[end - 1]![1]]
    return { type, text: text.slice(from, to), start: from, end: to, score }
  })
}
