import { extractSpans } from '@mafjs/evaluate'
import type { TextEntity } from '../posts/entity-words'
import { visiblePart } from '../posts/invisible'
import type { Post } from '../posts/post'

/** A post as a text with entities in it, offsets in UTF-16 units. */
export interface PostInText {
  text: string
  /** Absent for a post without labels. */
  entities?: TextEntity[] | undefined
  /** Entities of words of which nothing can be seen: no place in a text means them. */
  unseen: number
}

/** A post as a text: its own, or its words with one space between them. */
export function postInText(post: Post): PostInText {
  const { words, labels, written, text = words.join(' ') } = post
  if (!labels || written?.entities) return { text, entities: written?.entities, unseen: 0 }
  const places = [...(post.offsets ?? [])]
  let end = 0
  for (const word of post.offsets ? [] : words) {
    places.push([end, end + word.length])
    end += word.length + 1
  }
  const spans = extractSpans(labels, 'lenient')
  const entities = spans.flatMap(({ type, start, end }) => {
    const seen = visiblePart(text, places[start]![0], places[end - 1]![1])
    return seen ? [{ type, start: seen[0], end: seen[1] }] : []
  })
  return { text, entities, unseen: spans.length - entities.length }
}
