import { randomWords, uniform } from '@mafjs/tensor'
import sharp from 'sharp'

/** Syllables that words and vocabulary are made of. */
const SYLLABLES = 'ba de fi go lu ma ne pi ro su ta ve wi zo'.split(' ')
const PIECES = SYLLABLES.flatMap(first => SYLLABLES.map(second => first + second))

/** The pieces that drawn words fall into, with the special ones of BERT. */
export const VOCABULARY = [
  ...['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]'],
  ...PIECES,
  ...PIECES.map(piece => `##${piece}`),
]

/** Words of two pieces each. */
export function drawWords(count: number, site: string): string[] {
  const drawn = randomWords(2 * count, { seed: 37, site })
  const piece = (at: number): string => PIECES[drawn[at]! % PIECES.length]!
  return Array.from({ length: count }, (_, word) => piece(2 * word) + piece(2 * word + 1))
}

/** Writes a drawn picture, smooth like a photograph rather than noise, as JPEG. */
export async function writePicture(
  file: string,
  site: string,
  { width, height }: { width: number; height: number },
): Promise<void> {
  const grid = uniform(16 * 12 * 3, { seed: 37, site })
  const small = Buffer.from(Uint8Array.from(grid, value => 255 * value))
  await sharp(small, { raw: { width: 16, height: 12, channels: 3 } })
    .resize(width, height, { fit: 'fill' })
    .jpeg({ quality: 85 })
    .toFile(file)
}
