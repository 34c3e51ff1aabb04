import { extractSpans } from '@mafjs/evaluate'
import type { Post } from './post'

/** What of a post was labelled, where that is not all of it. */
export type LabelledPart = Pick<Post, 'labelledTypes' | 'unlabelled'>

/** Whether something of a post was left unlabelled. */
export const isLabelledInPart = ({ labelledTypes, unlabelled }: LabelledPart): boolean =>
  labelledTypes !== undefined || (unlabelled?.length ?? 0) > 0

/** Whether a label may be right at a word of which its post says O: nobody looked for its type, or at the word at all. */
export function mayStandUnlabelled(
  { labelledTypes, unlabelled }: LabelledPart,
  word: number,
  label: string,
): boolean {
  if (unlabelled?.includes(word)) return true
  return labelledTypes !== undefined && label !== 'O' && !labelledTypes.includes(label.slice(2))
}

/**
 * Predicted labels of posts, those of entities taken out that cannot be scored: of a type that was not labelled in the post, or on a
 * word that was not.
 *
 * @param predicted one list for each post, in BIO
 */
export function predictionsToScore<Labels extends readonly string[]>(
  posts: readonly LabelledPart[],
  predicted: readonly Labels[],
): (Labels | string[])[] {
  return predicted.map((labels, at) => {
    const post = posts[at]!
    if (!isLabelledInPart(post)) return labels
    const scored = [...labels]
    for (const { type, start, end } of extractSpans(labels, 'lenient')) {
      const isKnown = post.labelledTypes?.includes(type) ?? true
      if (!isKnown || post.unlabelled?.some(word => word >= start && word < end)) scored.fill('O', start, end)
    }
    return scored
  })
}
