import { ownId } from '../formats/format'
import { unknownFields } from '../formats/known-fields'
import { isLabelledInPart } from '../posts/labelled-part'
import { orphansOf } from '../posts/orphans'
import type { Post } from '../posts/post'
import { postInText } from './post-in-text'

/** What of a post some formats cannot hold: how often it has it. */
const KINDS = {
  // A post without a picture is named by a comment.
  ids: (post: Post) => {
    const { id, pictures = [] } = post
    const isKept = pictures.length > 0 ? id === pictures[0] : !/\s/.test(id)
    return Number(ownId(post) !== undefined && !isKept)
  },
  words: ({ text }: Post) => Number(text === undefined),
  texts: ({ text }: Post) => Number(text !== undefined),
  parts: (post: Post) => Number(isLabelledInPart(post)),
  classes: ({ label }: Post) => Number(label !== undefined),
  scores: ({ written }: Post) => (written?.entities ?? []).filter(({ score }) => score !== undefined).length,
  fields: ({ written: { fields = {} } = { lines: [], first: 1 } }: Post) =>
    [...unknownFields(fields).keys()].filter(name => fields[name] !== null).length,
  orphans: ({ labels = [] }: Post) => orphansOf(labels).length,
  unseen: (post: Post) => postInText(post).unseen,
  spaces: ({ labels = [] }: Post) => labels.filter(label => /\s/.test(label)).length,
} as const

/** How a report calls them. */
const WORDS: Readonly<Record<keyof typeof KINDS, string>> = {
  ids: 'ids, whose posts are called by their first picture or their line',
  words: 'posts of words alone, which a splitter finds anew in their text',
  texts: 'texts, of which the words alone are written',
  parts: 'notes of what was not labelled, where O then means none',
  classes: 'classes of posts',
  scores: 'scores of entities',
  fields: 'fields of other names',
  orphans: 'labels I- that continue nothing, which open entities',
  unseen: 'entities of which nothing can be seen',
  spaces: 'labels with spaces, which other programs may part there',
}

/** What of a post is not carried over, of the kinds that a format cannot hold. */
export const leftOfPost = (
  post: Post,
  kinds: readonly (keyof typeof KINDS)[],
): [what: string, count: number][] => kinds.map(kind => [WORDS[kind], KINDS[kind](post)])
