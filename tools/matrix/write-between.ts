import { readFile, writeFile } from 'node:fs/promises'

/**
 * Replaces what stands in a Markdown file between `<!-- NAME -->` and `<!-- /NAME -->`.
 *
 * @throws Error where the file has no such place.
 */
export async function writeBetween(file: string, name: string, text: string): Promise<void> {
  const content = await readFile(file, 'utf8')
  const [before, after] = [`<!-- ${name} -->`, `<!-- /${name} -->`]
  const [start, end] = [content.indexOf(before), content.indexOf(after)]
  if (start < 0 || end < start) throw new Error(`${file} has no place between ${before} and ${after}`)
  await writeFile(file, `${content.slice(0, start + before.length)}\n${text}\n${content.slice(end)}`)
}
