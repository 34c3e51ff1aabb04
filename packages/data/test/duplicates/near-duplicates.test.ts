import { randomWords, uniform } from '@mafjs/tensor/random'
import sharp, { type Sharp } from 'sharp'
import { describe, expect, test } from 'vitest'
import { type Comparable, hashDistance, nearDuplicates, type PictureHash, pictureHash } from '../../src'

/** A picture of soft spots, another for every seed. */
const spots = (seed: number): Promise<Buffer> => {
  const values = Uint8Array.from(uniform(6 * 5 * 3, { seed, site: 'spots' }), value => 255 * value)
  const small = sharp(values, { raw: { width: 6, height: 5, channels: 3 } })
  return small.resize(192, 160).png().toBuffer()
}
const grey = (width: number, height: number, of: (x: number, y: number) => number): Promise<Buffer> => {
  const values = Uint8Array.from({ length: width * height }, (_, i) => of(i % width, Math.floor(i / width)))
  return sharp(values, { raw: { width, height, channels: 1 } })
    .png()
    .toBuffer()
}

describe('the hash of a picture', () => {
  test.each<[string, (picture: Sharp) => Sharp]>([
    ['another format', picture => picture.webp({ quality: 60 })],
    ['strong compression', picture => picture.jpeg({ quality: 30 })],
    ['another size and shape', picture => picture.resize(70, 90, { fit: 'fill' }).png()],
    ['other light', picture => picture.linear(0.9, 12).jpeg()],
  ])('hardly changes by %s, and does when it is mirrored or another picture', async (_, change) => {
    for (const seed of [1, 2, 3]) {
      const bytes = await spots(seed)
      const hash = await pictureHash(bytes)
      const distanceTo = async (other: Buffer) => hashDistance(hash, await pictureHash(other))
      expect(await distanceTo(await change(sharp(bytes)).toBuffer())).toBeLessThanOrEqual(6)
      expect(await distanceTo(await sharp(bytes).flop().toBuffer())).toBeGreaterThan(6)
      expect(await distanceTo(await spots(seed + 10))).toBeGreaterThan(6)
    }
  })
  test('is the same, bit for bit, of the same pixels in another file and turned by its EXIF', async () => {
    const bytes = await spots(4)
    const hash = await pictureHash(bytes)
    expect(await pictureHash(await sharp(bytes).tiff({ compression: 'none' }).toBuffer())).toEqual(hash)
    expect(await pictureHash(await sharp(bytes).webp({ lossless: true }).toBuffer())).toEqual(hash)
    const turned = sharp(await sharp(bytes).rotate(90).toBuffer()).withMetadata({ orientation: 8 })
    expect(await pictureHash(await turned.png().toBuffer())).toEqual(hash)
  })
  test('is of ones where a picture gets darker to the right, and has the bits of rows in their order', async () => {
    expect(await pictureHash(await grey(90, 80, x => 250 - 2 * x))).toEqual([-1, -1])
    expect(await pictureHash(await grey(90, 80, x => 2 * x))).toEqual([0, 0])
    // The lowest eighth alone gets darker.
    expect(await pictureHash(await grey(72, 72, (x, y) => (y < 63 ? 2 * x : 250 - 2 * x)))).toEqual([0, 0xff])
  })
  test('of what is no picture there is none', async () => {
    await expect(pictureHash(Buffer.from('no picture'))).rejects.toThrow(/of no known format/)
  })
})

const wordsOf = (text = ''): string[] => text.toLowerCase().split(' ').filter(Boolean)

/** Compares each with each, and spreads the least index of a group until nothing changes. */
function bruteForce(items: readonly Comparable[], textSimilarity: number, pictureDistance: number): number[] {
  const pairs = items.map(({ text }) => {
    const words = wordsOf(text)
    return words.length === 1 ? words : words.slice(1).map((word, i) => `${words[i]} ${word}`)
  })
  const isNear = (a: number, b: number): boolean => {
    const both = new Set([...pairs[a]!, ...pairs[b]!])
    const common = [...both].filter(pair => pairs[a]!.includes(pair) && pairs[b]!.includes(pair)).length
    if (common > 0 && common / both.size >= textSimilarity) return true
    const [one, other] = [items[a]!.hash, items[b]!.hash]
    if (!one || !other) return false
    const bits = (hash: PictureHash): bigint =>
      (BigInt.asUintN(32, BigInt(hash[0])) << 32n) | BigInt.asUintN(32, BigInt(hash[1]))
    const differing = [...(bits(one) ^ bits(other)).toString(2)].filter(bit => bit === '1').length
    return differing <= pictureDistance
  }
  const groups = items.map((_, i) => i)
  for (let changed = true; changed; ) {
    changed = false
    for (const a of groups.keys()) {
      for (const b of groups.keys()) {
        if (groups[b]! >= groups[a]! || !isNear(a, b)) continue
        groups[a] = groups[b]!
        changed = true
      }
    }
  }
  return groups
}

test.each([0, 1, 6, 13, 40])('finds what comparing each with each finds, at %d bits', pictureDistance => {
  for (const seed of [1, 2]) {
    const draws = [...uniform(400, { seed, site: 'items' })]
    const items = Array.from({ length: 100 }, (_, i): Comparable => {
      const [kind, length, words, flips] = draws.slice(4 * i, 4 * i + 4) as [number, number, number, number]
      const text = Array.from(
        { length: Math.floor(5 * length) },
        (_, at) => 'abcde'[Math.floor(words * 5 ** (at + 1)) % 5],
      )
      // A few pictures, each with up to 15 bits flipped.
      const [upper, lower, mask] = randomWords(3, { seed: Math.floor(kind * 12), site: 'hash' })
      const flipped =
        randomWords(1, { seed: i, site: 'mask' })[0]! & mask! & ((1 << Math.floor(15 * flips)) - 1)
      return { text: text.join(' '), hash: kind < 0.8 ? [upper! | 0, (lower! ^ flipped) | 0] : undefined }
    })
    // By 1 few texts are near, so that pictures have their say.
    for (const textSimilarity of [0.4, 1]) {
      const found = nearDuplicates(items, { textSimilarity, pictureDistance })
      expect(found).toEqual(bruteForce(items, textSimilarity, pictureDistance))
      expect(new Set(found).size).toBeGreaterThan(1)
    }
  }
})

test('texts are near by the words, not by signs or cases, and through others too', () => {
  const texts = [
    ...['a small red disc on white ground', 'two words', 'A SMALL red disc, on grey ground!'],
    ...['small red disc on grey grounds', '?!', '', 'a red disc', 'Two... words', 'words'],
  ]
  expect(nearDuplicates(texts.map(text => ({ text })))).toEqual([0, 1, 0, 0, 4, 5, 6, 1, 8])
  expect(() => nearDuplicates([], { textSimilarity: 40 })).toThrow(
    /textSimilarity must be above 0 and at most 1/,
  )
  expect(() => nearDuplicates([], { pictureDistance: 64 })).toThrow(/pictureDistance must be a whole number/)
})
