import type { GalleryClass, GalleryMatch, GalleryPost } from '../error-gallery'

/** Which posts are asked for; null for any. */
export interface Filters {
  /** A kind of error. */
  kind: string | null
  /** An entity type, of the gold or the predicted entity. */
  type: string | null
  hasPicture: boolean | null
  /** Stands in the text or the name of the post, capitals or not. */
  words: string
}

export const NO_FILTERS: Filters = { kind: null, type: null, hasPicture: null, words: '' }

/** The names of all kinds of errors. */
export const kindsOf = (classes: readonly GalleryClass[]): string[] => classes.map(({ name }) => name)

/** The matches of a post that are errors. */
export const errorsOf = ({ matches }: GalleryPost, kinds: readonly string[]): GalleryMatch[] =>
  matches.filter(match => kinds.includes(match.class))

/** Whether a post is asked for: kind and type must be those of one and the same error. */
export function passes(
  post: GalleryPost,
  { kind, type, hasPicture, words }: Filters,
  kinds: readonly string[],
): boolean {
  const { text, pictures } = post.explanation
  const wanted = words.trim().toLowerCase()
  return (
    errorsOf(post, kinds).some(
      error =>
        (kind === null || error.class === kind) &&
        (type === null || error.gold?.type === type || error.predicted?.type === type),
    ) &&
    (hasPicture === null || pictures.length > 0 === hasPicture) &&
    [text, post.id].some(one => one.toLowerCase().includes(wanted))
  )
}
