import { readdir, readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { Engine } from '@mafjs/compile/engine'
import { type PictureHash, pictureHash } from '@mafjs/data'
import { openFeatures } from '@mafjs/data/features'
import { drawCaptionedPictures } from '@mafjs/demo-corpus'
import {
  freezeEncoder,
  loadImageEncoder,
  loadTextEncoder,
  PictureError,
  type TextInputs,
} from '@mafjs/encoders'
import { maskedMean } from '@mafjs/tensor/compose'
import { padRows, predict } from '@mafjs/train'
import type { Pair } from '../../examples/image-text-retrieval/retrieval-task'

/** A pair as vectors, and as what near-duplicates are told by; drawn pairs have none. */
export interface StudyPair extends Pair {
  words?: string | undefined
  hash?: PictureHash | undefined
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

/** The pairs of a folder whose text has a word and whose picture can be decoded, in the order of their names, encoded. */
export async function realPairs(
  folder: string,
  textEncoder: string,
  imageEncoder: string,
  engine: Engine,
): Promise<StudyPair[]> {
  const files = (await readdir(folder)).sort()
  const names = files.flatMap(file => (file.endsWith('.txt') ? basename(file, '.txt') : []))
  const pairs: { words: string; image: string; hash: PictureHash }[] = []
  for (const image of names.map(name => `${name}.jpg`).filter(image => files.includes(image))) {
    const words = withoutLinks(decodeText(await readFile(join(folder, image.replace(/jpg$/, 'txt')))))
    const hash = await pictureHash(join(folder, image)).catch(broken)
    if (hash && /[\p{L}\p{N}]/u.test(words)) pairs.push({ words, image, hash })
  }
  console.error(`${names.length} texts, ${pairs.length} with a word and a whole picture`)
  const texts = await encodeTexts(textEncoder, pairs.map(({ words }) => words), engine) // biome-ignore format: one line
  const encoder = freezeEncoder(
    await loadImageEncoder(imageEncoder, { onnx: { regionsOutput: 'features' } }),
    engine,
  )
  const features = await openFeatures({ encoder, images: folder, onBrokenPicture: 'stop', memory: 0 })
  const encoded: StudyPair[] = []
  for (const [i, { words, hash, image }] of pairs.entries()) {
    const { summary } = await features.load([{ image }])
    encoded.push({ words, hash, text: texts[i]!, image: Float32Array.from(summary.data) })
  }
  await features.dispose()
  await encoder.dispose()
  return encoded
}

/** The mean of what a frozen encoder makes of the tokens, as sentence encoders have it. */
async function encodeTexts(
  checkpoint: string,
  texts: readonly string[],
  engine: Engine,
): Promise<Float32Array[]> {
  const { encoder, tokenizer } = await loadTextEncoder(checkpoint, { maxLength: 128 })
  const task = {
    collate(rows: readonly string[]) {
      const ids = rows.map(text => tokenizer.encodeWords(text.split(' ')).ids)
      const { values, mask } = padRows(ids, { dtype: 'int32' })
      return { ids: values, mask }
    },
    // The encoder refuses more tokens than its table of positions has.
    axes: () => ({ axes: { ids: ['rows', 'tokens'], mask: ['rows', 'tokens'] }, largest: { tokens: 128 } }),
    outputs(inputs: TextInputs) {
      const { states, mask } = encoder.apply(inputs)
      return { means: maskedMean(states, mask) }
    },
    decode: (
      { means }: Record<string, { data: ArrayLike<number>; shape: readonly number[] }>,
      rows: readonly string[],
    ) => {
      const size = means!.shape[1]!
      const data = Float32Array.from(means!.data)
      return rows.map((_, row) => data.slice(row * size, (row + 1) * size))
    },
  }
  const vectors = await predict(task, texts, { engine, batchSize: 32 })
  encoder.dispose()
  return vectors
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
