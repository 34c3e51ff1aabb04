import type { ErrorGallery } from '../error-gallery'
import type { ShownPictures } from '../view/view-state'
import { errorsScript, pageStyle } from './carried'
import { fitExplanation } from './fit-explanation'
import { htmlDocument } from './html-document'

/** The most that an explanation takes, in signs of JSON, unless its text alone is longer. */
const MOST_EACH = 40_000

/** What the page is, beside a gallery. */
export interface ErrorsPageOptions {
  /** Of each post its pictures as `data:` addresses, upright; null for one that cannot be shown. @default none can be shown */
  pictures?: readonly ShownPictures[] | undefined
  /** Its headline. @default 'What the model got wrong' */
  title?: string | undefined
}

/** The errors for who runs no script. */
const plainText = ({ about, posts }: ErrorGallery): string =>
  [about, ...posts.map(({ id, explanation }) => `${id}: ${explanation.text}`)].join(' · ')

/**
 * A page of the errors of an evaluation, with filters: one file of HTML that opens from disk and loads nothing, at most 40 kB a post
 * and its pictures. Whatever stands in the gallery is shown as text. It needs a browser of 2023 or later.
 */
export function errorsPage(
  gallery: ErrorGallery,
  { pictures = [], title = 'What the model got wrong' }: ErrorsPageOptions = {},
): string {
  const posts = gallery.posts.map(({ explanation, ...post }) => ({
    ...post,
    explanation: fitExplanation(explanation, MOST_EACH, 'A page of this post alone has them.'),
  }))
  return htmlDocument({
    title,
    data: { gallery: { ...gallery, posts }, pictures },
    element: 'maf-errors',
    script: errorsScript,
    style: pageStyle,
    plain: plainText(gallery),
  })
}
