/**
 * Signs that nobody sees (Unicode's `Default_Ignorable_Code_Point`): soft hyphens, zero width spaces, marks of direction,
 * joiners, variation selectors. They part no word and are none; the tokenizers of BERT take them out of a word too.
 */
const INVISIBLE = String.raw`\p{Default_Ignorable_Code_Point}`

/** Those of them that may be a part of a visible sign: joiners, variation selectors and the letters of flags. */
const PARTS = String.raw`[\u200c\u200d\p{Variation_Selector}\u{e0020}-\u{e007f}]`

const DISCARDED = new RegExp(`(?!${PARTS})${INVISIBLE}`, 'gu')
const NOTHING = new RegExp(`^[\\s${INVISIBLE}]*$`, 'u')
const BEGINNING = new RegExp(`^[\\s${INVISIBLE}]*`, 'u')

/** Whether nothing of a text can be seen. */
export const isInvisible = (text: string): boolean => NOTHING.test(text)

/** Where what can be seen of a part of a text begins and ends; nothing where there is nothing. */
export function visiblePart(
  text: string,
  start: number,
  end: number,
): [start: number, end: number] | undefined {
  const [before = ''] = BEGINNING.exec(text.slice(start, end)) ?? []
  const from = start + before.length
  let to = end
  while (to > from) {
    const size = text.codePointAt(to - 2)! > 0xffff ? 2 : 1
    if (!isInvisible(text.slice(to - size, to))) return [from, to]
    to -= size
  }
  return undefined
}

/** A text without the signs that change no word, and where the units that are left stood: one more entry for its end. */
export function withoutInvisible(text: string): { text: string; at: Int32Array } | undefined {
  const found = [...text.matchAll(DISCARDED)]
  if (found.length === 0) return undefined
  const at = new Int32Array(text.length + 1)
  const pieces: string[] = []
  let kept = 0
  let from = 0
  const keep = (to: number): void => {
    pieces.push(text.slice(from, to))
    for (let unit = from; unit < to; unit++) at[kept++] = unit
  }
  for (const { index, 0: sign } of found) {
    keep(index)
    from = index + sign.length
  }
  keep(text.length)
  at[kept++] = text.length
  return { text: pieces.join(''), at: at.subarray(0, kept) }
}
