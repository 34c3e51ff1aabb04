import type { Explanation } from '../explanation'
import type { ShownWith } from '../view/explanation-view'
import { explanationScript, pageStyle } from './carried'
import { fitExplanation } from './fit-explanation'
import { htmlDocument } from './html-document'

/** The most that a page takes without its pictures, in bytes of UTF-8, unless its text alone is longer. */
const MOST = 150_000

/** What the page is, beside an explanation: its pictures as `data:` addresses, upright. */
export interface ExplanationPageOptions extends ShownWith {
  /** Its headline. @default 'What the model made of this post' */
  title?: string | undefined
}

const bytes = (text: string): number => new TextEncoder().encode(text).length

/** The text and its entities for who runs no script. */
const plainText = ({ text, entities }: Explanation): string =>
  [text, ...entities.map(({ type, text, score }) => `${type}: ${text} (${score.toFixed(3)})`)].join(' · ')

/**
 * A page that explains one post: one file of HTML that opens from disk and loads nothing, at most 150 kB and its pictures. Whatever
 * stands in the explanation is shown as text. It needs a browser of 2023 or later.
 *
 * @param pictures for each picture a `data:` address, or null for one that cannot be shown
 */
export function explanationPage(
  explanation: Explanation,
  {
    pictures = [],
    otherPictures = [],
    title = 'What the model made of this post',
  }: ExplanationPageOptions = {},
): string {
  const page = (data: unknown): string =>
    htmlDocument({
      ...{ title, data },
      element: 'maf-explanation',
      script: explanationScript,
      style: pageStyle,
      plain: plainText(explanation),
    })
  const left = MOST - bytes(page({ explanation: null, pictures: [], otherPictures: [] }))
  return page({
    explanation: fitExplanation(explanation, left, 'The JSON file beside it has them.'),
    pictures,
    otherPictures,
  })
}
