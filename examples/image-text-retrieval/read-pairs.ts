import { readdir, readFile } from 'node:fs/promises'
import { basename, extname, join } from 'node:path'

/** A text and the file of its picture. */
export interface Pair {
  id: string
  text: string
  /** Within the folder of the pairs. */
  picture: string
}

/** The pairs of a folder, and what was met while they were read. */
export interface ReadPairs {
  pairs: Pair[]
  /** Texts by the encoding they were read in. */
  encodings: Record<string, number>
  /** Texts without a picture. */
  withoutPicture: number
}

/** Tried in turn: UTF-8 refuses what is something else. A quarter of MVSA's texts are GB18030, where Latin encodings read noise. */
const ENCODINGS = ['utf-8', 'gb18030'] as const

function decodeText(bytes: Uint8Array, file: string): { text: string; encoding: string } {
  for (const encoding of ENCODINGS) {
    try {
      return { text: new TextDecoder(encoding, { fatal: true }).decode(bytes), encoding }
    } catch {}
  }
  throw new Error(`${file} must be text in ${ENCODINGS.join(' or ')}. Convert it to UTF-8.`)
}

/**
 * Reads a folder of pairs, `NAME.txt` beside `NAME.jpg`, as MVSA has them; sorted by name.
 *
 * @throws Error for a text in an encoding that is not known.
 */
export async function readPairs(folder: string): Promise<ReadPairs> {
  const files = (await readdir(folder)).sort()
  const pictures = new Set(files.filter(file => extname(file) === '.jpg'))
  const read: ReadPairs = { pairs: [], encodings: {}, withoutPicture: 0 }
  for (const file of files.filter(file => extname(file) === '.txt')) {
    const id = basename(file, '.txt')
    const picture = `${id}.jpg`
    if (!pictures.has(picture)) {
      read.withoutPicture++
      continue
    }
    const path = join(folder, file)
    const { text, encoding } = decodeText(await readFile(path), path)
    read.encodings[encoding] = (read.encodings[encoding] ?? 0) + 1
    read.pairs.push({ id, text: withoutLinks(text), picture })
  }
  return read
}

/** A post without addresses, mentions and the mark of a repost: they say who posted, not what is to be seen. */
export const withoutLinks = (text: string): string =>
  text
    .replace(/^\s*RT\b/, ' ')
    .replace(/\b(?:https?:|www\.)\S*/gi, ' ')
    .replace(/@\w+/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
