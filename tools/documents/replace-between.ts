/** Replaces the lines of a document between two that mark them. @throws Error where a mark is missing. */
export function replaceBetween(
  markdown: string,
  [before, after]: readonly [string, string],
  change: string | ((old: string) => string),
): string {
  const [start, end] = [markdown.indexOf(before) + before.length, markdown.indexOf(after)]
  if (start < before.length || end < start) throw new Error(`There are no lines\n${before}\n${after}`)
  const text = typeof change === 'string' ? change : change(markdown.slice(start, end).trim())
  return `${markdown.slice(0, start)}\n${text}\n${markdown.slice(end)}`
}
