import type { Container } from './container'

/** The name of the text that the annotations of a document are of. */
export const textOfPair = (file: string): string => file.replace(/\.ann$/i, '.txt')

/** A document of brat's standoff: `.ann` with the `.txt` beside it; a folder of such pairs is one file of posts. */
export const bratPair: Container = {
  name: 'a document of brat',
  suffixes: ['.ann'],
  looksLike: () => false,
  async openText(ann, file, beside) {
    const name = textOfPair(file)
    const text = await beside(name)
    const place = { file, line: 1 }
    if (text !== undefined) {
      const id = file.replace(/^.*[/\\]/s, '').replace(/\.ann$/i, '')
      return { lines: [JSON.stringify({ id, text, ann })], places: [place], problems: [] }
    }
    const rule = 'must have the text of its document beside it'
    const error = { rule, received: `no ${name} in UTF-8`, fix: 'Put the .txt there that was annotated.' }
    return { lines: [], places: [], problems: [{ code: 'unreadable-line', ...place, about: rule, error }] }
  },
}
