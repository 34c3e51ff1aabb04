import { splitWords } from '@mafjs/data'
import type { DemoEntity, DemoPost } from './demo-post'
import type { PlannedPost } from './kinds'
import type { PlacedName, Sentence } from './sentences/compose-sentence'

/** A sentence and what it is to be as a post. */
export interface PostParts {
  /** The post's name, and its picture's file name without `.png`. */
  id: string
  planned: PlannedPost
  sentence: Sentence
  /** Used when the plan has a picture. */
  pictureSeed: number
  source: { file: string; line: number }
}

/** The words that a name covers. */
function entityOf(
  name: PlacedName,
  offsets: readonly (readonly [number, number])[],
  decidedBy: DemoEntity['decidedBy'],
): DemoEntity {
  const start = offsets.findIndex(([from]) => from === name.start)
  const end = offsets.findIndex(([, to]) => to === name.end) + 1
  return { type: name.type, start, end, decidedBy }
}

/** Splits a sentence into words, labels them, and ties the picture to it. In `picture` posts the first name is open. */
export function buildPost({ id, planned, sentence, pictureSeed, source }: PostParts): DemoPost {
  const { text, names } = sentence
  const { words, offsets } = splitWords(text, 'tweet')
  const entities = names.map((name, i) =>
    entityOf(name, offsets, planned.kind === 'picture' && i === 0 ? 'picture' : 'text'),
  )
  const labels = words.map(() => 'O')
  for (const { type, start, end } of entities) {
    labels.fill(`I-${type}`, start, end)
    labels[start] = `B-${type}`
  }
  const post: DemoPost = { id, words, labels, text, offsets, entities, kind: planned.kind, source }
  if (planned.pictureClass === undefined) return post
  return { ...post, image: `${id}.png`, pictureClass: planned.pictureClass, pictureSeed }
}
