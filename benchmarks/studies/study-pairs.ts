import { readdir, readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { Engine } from '@mafjs/compile/engine'
import { type PictureHash, pictureHash } from '@mafjs/data'
import { drawCaptionedPictures } from '@mafjs/demo-corpus'
import { PictureError } from '@mafjs/encoders'
import type { Pair } from '../../examples/image-text-retrieval/retrieval-task'
import { encodePictures } from './encode-pictures'
import { encodeTexts } from './encode-texts'

/** A pair as vectors, and as what near-duplicates are told by; drawn pairs have the vectors alone. */
export interface StudyPair extends Pair {
  words?: string | undefined
  hash?: PictureHash | undefined
  /** How the post feels, where that is known. */
  label?: string | undefined
  /** `[tokens, size]`, row-major: the states whose mean `text` is. */
  tokens?: Float32Array | undefined
  /** `[regions, channels]`, row-major: the picture's regions, 3 x 3 of them. */
  regions?: Float32Array | undefined
}

/** Pairs that the examples draw, counts of words and pixels. */
export function drawnPairs(count: number, seed: number): StudyPair[] {
  const drawn = drawCaptionedPictures(count, seed)
  const vocabulary = [...new Set(drawn.flatMap(({ caption }) => caption.split(' ')))].sort()
  return drawn.map(({ caption, pixels }) => {
    const said = caption.split(' ')
    const counts = vocabulary.map(word => said.filter(one => one === word).length)
    return { text: Float32Array.from(counts), image: pixels }
  })
}

/** Where pairs are, and what encodes them. */
export interface RealPairsOptions {
  /** NAME.txt beside NAME.jpg; where there is a `label.csv` of ids and sentiments, the sentiments are read too. */
  folder: string
  textEncoder: string
  imageEncoder: string
  engine: Engine
  /** Folder for the features of pictures. @default that of the user's caches */
  featureCache?: string | undefined
}

/** The pairs of a folder whose text has a word and whose picture can be decoded, in the order of their names, encoded. */
export async function realPairs({ folder, ...encoders }: RealPairsOptions): Promise<StudyPair[]> {
  const files = (await readdir(folder)).sort()
  const names = files.flatMap(file => (file.endsWith('.txt') ? basename(file, '.txt') : []))
  const labels = files.includes('label.csv') ? await readLabels(join(folder, 'label.csv')) : undefined
  const pairs: (Pick<StudyPair, 'hash' | 'label'> & { words: string; picture: string })[] = []
  for (const name of names.filter(name => files.includes(`${name}.jpg`))) {
    const picture = join(folder, `${name}.jpg`)
    const words = withoutLinks(decodeText(await readFile(join(folder, `${name}.txt`))))
    const hash = await pictureHash(picture).catch(broken)
    if (hash && /[\p{L}\p{N}]/u.test(words)) pairs.push({ words, picture, hash, label: labels?.get(name) })
  }
  console.error(`${names.length} texts, ${pairs.length} with a word and a whole picture`)
  const texts = await encodeTexts(pairs.map(({ words }) => words), encoders) // biome-ignore format: one line
  const pictures = await encodePictures(pairs.map(({ picture }) => picture), encoders) // biome-ignore format: one line
  return pairs.map(({ picture: _, ...pair }, i) => ({ ...pair, ...texts[i]!, ...pictures[i]! }))
}

async function readLabels(file: string): Promise<Map<string, string>> {
  const [, ...lines] = (await readFile(file, 'utf8')).trim().split(/\r?\n/)
  return new Map(lines.map(line => line.split(',') as [string, string]))
}

/** UTF-8 refuses what is something else; a quarter of MVSA's texts are GB18030. */
function decodeText(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return new TextDecoder('gb18030', { fatal: true }).decode(bytes)
  }
}

/** Without addresses, mentions and the mark of a repost: they say who posted, not what is to be seen. */
const withoutLinks = (text: string): string =>
  text
    .replace(/^\s*RT\b/, ' ')
    .replace(/\b(?:https?:|www\.)\S*|@\w+/gi, ' ')
    .replace(/\s+/g, ' ')
    .trim()

function broken(error: unknown): undefined {
  if (!(error instanceof PictureError)) throw error
}
