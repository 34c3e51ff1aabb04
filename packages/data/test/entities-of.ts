import type { Post } from '../src'

/** Entities as their text has them: what a person sees in the tool. */
export const entitiesOf = ({ text = '', offsets, words, labels = [] }: Post): string[] => {
  const found: string[] = []
  for (const [at, label] of labels.entries()) {
    if (!label.startsWith('B-')) continue
    let end = at
    while (labels[end + 1] === `I-${label.slice(2)}`) end++
    const seen = offsets ? text.slice(offsets[at]![0], offsets[end]![1]) : words.slice(at, end + 1).join(' ')
    found.push(`${label.slice(2)} ${seen}`)
  }
  return found
}
