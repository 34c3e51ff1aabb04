import { join } from 'node:path'
import { useEngine } from '@mafjs/compile/engine'
import { PictureError } from '@mafjs/encoders'
import { InvalidArgumentError } from '@mafjs/tensor'
import * as tf from '@tensorflow/tfjs-core'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { MafAnnotator } from '../../src/predict/load-maf'
import { always, tinyMaf } from '../checkpoint/tiny-checkpoint'
import { folderWith } from '../data/files'
import { BOTH_ENGINES } from '../engine/both-engines'

const picture = (background: string): Promise<Buffer> =>
  sharp({ create: { width: 20, height: 12, channels: 3, background } })
    .png()
    .toBuffer()

describe.each(BOTH_ENGINES)('engine %s', (_, engine) => {
  beforeAll(async () => {
    await useEngine(engine)
  })

  describe('offsets count UTF-16 units, end exclusive', () => {
    const text = '👩‍🚀🎉 Jose\u0301 meets\u00a0Ana\tin 東京! \u{1d4d0}b'

    test('an entity at every word', async () => {
      const maf = await tinyMaf({ change: always('B-PER'), maxLength: 32 }, engine)
      const { entities, cutWords, match } = await maf.annotate({ text })
      expect(entities.map(entity => [entity.text, entity.start, entity.end])).toEqual([
        ['👩‍🚀', 0, 5],
        ['🎉', 5, 7],
        ['Jose\u0301', 8, 13],
        ['meets', 14, 19],
        ['Ana', 20, 23],
        ['in', 24, 26],
        ['東京', 27, 29],
        ['!', 29, 30],
        ['\u{1d4d0}b', 31, 34],
      ])
      for (const { text: own, start, end, type } of entities) {
        expect(text.slice(start, end)).toBe(own)
        expect(type).toBe('PER')
      }
      expect({ cutWords, match }).toEqual({ cutWords: 0, match: null })
      await maf.dispose()
    })

    test('one entity over all words, with the spaces between them', async () => {
      const maf = await tinyMaf({ change: always('I-LOC'), maxLength: 32 }, engine)
      const { entities } = await maf.annotate({ text: `  ${text} ` })
      expect(entities).toHaveLength(1)
      expect(entities[0]).toMatchObject({ type: 'LOC', text, start: 2, end: 36 })
      await maf.dispose()
    })
  })

  describe('what is given to annotate', () => {
    let maf: MafAnnotator
    beforeAll(async () => {
      maf = await tinyMaf({}, engine)
    })
    afterAll(() => maf.dispose())

    test.each(['', ' \n\t\u00a0', '\u3000'])('a text without a word: %j', async text => {
      const nothing = { entities: [], match: null, cutWords: 0 }
      expect(await maf.annotate({ text })).toEqual(nothing)
      expect(await maf.annotate({ text, image: await picture('red') })).toEqual(nothing)
    })

    test('a text longer than the model: its last words are counted, not lost in silence', async () => {
      const kept = Array.from({ length: 22 }, () => 'a').join(' ')
      expect((await maf.annotate({ text: kept })).cutWords).toBe(0)
      const longer = await maf.annotate({ text: `${kept} b kevin paris` })
      expect(longer.cutWords).toBe(3)
      expect(longer.entities).toEqual((await maf.annotate({ text: kept })).entities)
      for (const { end } of longer.entities) expect(end).toBeLessThanOrEqual(kept.length)
    })

    test('a picture as path, Buffer and Uint8Array is the same picture, and says something', async () => {
      const bytes = await picture('#2a8')
      const folder = await folderWith({ 'a.png': bytes })
      const text = 'kevin loves paris'
      const said = await Promise.all(
        [join(folder, 'a.png'), bytes, new Uint8Array(bytes)].map(image => maf.annotate({ text, image })),
      )
      expect(said[1]).toEqual(said[0])
      expect(said[2]).toEqual(said[0])
      expect(said[0]!.match).toBeGreaterThan(0)
      expect(said[0]!.match).toBeLessThan(1)
      const other = await maf.annotate({ text, image: await picture('#fff') })
      expect(other.match).not.toBe(said[0]!.match)
      expect((await maf.annotate({ text })).match).toBeNull()
    })

    test('several pictures of a post: one in a list is one, of two both are looked at, in any order', async () => {
      const [green, white] = [await picture('#2a8'), await picture('#fff')]
      const text = 'kevin loves paris'
      const one = await maf.annotate({ text, image: green })
      expect(await maf.annotate({ text, images: [green] })).toEqual(one)
      expect(await maf.annotate({ text, images: [] })).toEqual(await maf.annotate({ text }))
      const [both, turned] = await Promise.all(
        [
          [green, white],
          [white, green],
        ].map(images => maf.annotate({ text, images })),
      )
      expect(both!.match).toBeCloseTo(turned!.match!, 5)
      const other = await maf.annotate({ text, image: white })
      for (const { match } of [one, other]) expect(Math.abs(both!.match! - match!)).toBeGreaterThan(1e-6)
      // Beside posts with fewer pictures in its batch.
      const posts = [{ text, images: [green, white] }, { text, image: green }, { text }]
      const matches: (number | null)[] = []
      for await (const result of maf.annotateMany(posts)) {
        matches.push('annotation' in result ? result.annotation.match : -1)
      }
      expect(matches[2]).toBeNull()
      for (const [i, { match }] of [both!, one].entries()) expect(matches[i]).toBeCloseTo(match!, 5)
    })

    test.each([
      [
        'a text alone',
        'kevin',
        InvalidArgumentError,
        /post must be \{ text, image\?, images\? \}\. Received: string/,
      ],
      ['no text', {}, InvalidArgumentError, /text must be a string\. Received: undefined/],
      ['a number', { text: 5 }, InvalidArgumentError, /text must be a string\. Received: number/],
      [
        'img',
        { text: 'a', img: 'a.png' },
        InvalidArgumentError,
        /post must have "image" under that name. Received: a field "img"/,
      ],
      ['null', { text: null }, InvalidArgumentError, /text must be a string\. Received: null/],
      [
        'a picture of nothing',
        { text: 'a', image: null },
        InvalidArgumentError,
        /image must be a path.*null/,
      ],
      [
        'pictures in two places',
        { text: 'a', image: 'a.png', images: ['b.png'] },
        InvalidArgumentError,
        /images must be given instead of image, not beside it/,
      ],
      [
        'a list of numbers',
        { text: 'a', images: [5] },
        InvalidArgumentError,
        /images must be a list of paths, Buffers or Uint8Arrays/,
      ],
      [
        'a web address',
        { text: 'a', image: 'https://x.y/a.png' },
        PictureError,
        /x\.y\/a\.png: a URL is not fetched/,
      ],
      [
        'no file',
        { text: 'a', image: '/none/cat.png' },
        PictureError,
        /\/none\/cat\.png: there is no such file/,
      ],
      ['no bytes', { text: 'a', image: new Uint8Array(0) }, PictureError, /0 bytes: the picture is empty/],
    ])('refused: %s', async (_, post, kind, message) => {
      const before = tf.memory().numTensors
      const error = await maf.annotate(post as { text: string }).catch((error: unknown) => error)
      expect(error).toBeInstanceOf(kind)
      expect((error as Error).message).toMatch(message)
      expect(tf.memory().numTensors).toBe(before)
    })

    test('a broken picture is named', async () => {
      const bytes = Buffer.from('ffd8ffe000104a46494600', 'hex')
      const broken = join(await folderWith({ 'broken.jpg': bytes }), 'broken.jpg')
      const error = await maf.annotate({ text: 'a', image: broken }).catch((error: unknown) => error)
      expect(error).toBeInstanceOf(PictureError)
      expect(error).toMatchObject({ picture: broken, fault: 'broken' })
    })

    test('calls at the same time give what calls one by one give, and leak nothing', async () => {
      const posts = await Promise.all(
        ['kevin', 'paris loves kevin a lot', '', 'bob in paris', 'a b c d e f g', 'kevin loves'].map(
          async (text, i) => ({ text, ...(i % 2 === 0 && { image: await picture(`#${i}a8`) }) }),
        ),
      )
      const before = tf.memory().numTensors
      const together = await Promise.all(posts.map(post => maf.annotate(post)))
      expect(tf.memory().numTensors).toBe(before)
      for (const [i, post] of posts.entries()) expect(together[i]).toEqual(await maf.annotate(post))
      expect(together.flatMap(({ entities }) => entities).length).toBeGreaterThan(3)
    })
  })

  test('a text-only model leaves the picture alone and says that it does', async () => {
    const maf = await tinyMaf({ pictures: false }, engine)
    expect(maf.readsPictures).toBe(false)
    const post = { text: 'kevin loves paris' }
    expect(await maf.annotate({ ...post, image: '/none/cat.png' })).toEqual(await maf.annotate(post))
    await maf.dispose()
  })

  test('without matching the picture is used and nothing is said about whether it belongs', async () => {
    const maf = await tinyMaf({ without: ['matching'] }, engine)
    const post = { text: 'kevin loves paris' }
    const plain = await maf.annotate(post)
    const pictured = await maf.annotate({ ...post, image: await picture('red') })
    expect(pictured.match).toBeNull()
    const scores = [plain, pictured].map(({ entities }) => entities.map(({ score }) => score))
    expect(scores[1]).not.toEqual(scores[0])
    await maf.dispose()
  })

  test('after dispose nothing of the model is left', async () => {
    const before = tf.memory().numTensors
    const maf = await tinyMaf({}, engine)
    await maf.annotate({ text: 'kevin', image: await picture('red') })
    await maf.dispose()
    expect(tf.memory().numTensors).toBe(before)
  })

  test('two models in one process share nothing; one that was disposed says so', async () => {
    const before = tf.memory().numTensors
    const [first, second] = [await tinyMaf({ seed: 1 }, engine), await tinyMaf({ seed: 2 }, engine)]
    const post = { text: 'kevin loves paris', image: await picture('red') }
    const expected = await first.annotate(post)
    expect(await second.annotate(post)).not.toEqual(expected)
    await second.dispose()
    expect(await first.annotate(post)).toEqual(expected)
    for (const use of [() => second.annotate(post), () => second.annotateMany([post]).next()]) {
      await expect(use()).rejects.toThrow(/^model must not be used after dispose\(\)\. .*loadMaf/)
    }
    expect(() => second.dispose()).not.toThrow()
    await first.dispose()
    expect(tf.memory().numTensors).toBe(before)
  })
})
