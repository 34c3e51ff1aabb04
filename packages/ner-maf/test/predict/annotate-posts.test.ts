import { batchPictures } from '@mafjs/data'
import { expect, test } from 'vitest'
import { annotator } from '../../src/predict/annotate-posts'

test('a picture is decoded once, however many windows its post has, and kept no longer', async () => {
  const decoded: string[] = []
  const annotate = annotator({
    preprocessing: { splitter: 'tweet', maxLength: 8, pictureSize: 1 },
    single: false,
    async tag(posts, { pictures }) {
      const [long, short] = posts as [(typeof posts)[0], (typeof posts)[0]]
      pictures!.expect!([long, long, short])
      await pictures!.ahead!([long])
      await pictures!.load([long])
      const both = await pictures!.load([short, long])
      expect([...both.present]).toEqual([1, 1])
      expect(decoded).toEqual(['long', 'short'])
      return posts.map(() => ({ labels: ['O'], entities: [], match: null, cutWords: 0, windows: 1 }))
    },
    async decode({ text }) {
      decoded.push(text)
      const seen = { left: 0, top: 0, width: 1, height: 1 }
      const pixel = { width: 1, height: 1, pixels: Float32Array.of(1, 2, 3) }
      return { pictures: [{ name: text, ...pixel, upright: { ...pixel, seen } }], skipped: [] }
    },
    picturesOf: async rows => batchPictures(rows, { size: 1 }),
  })
  const posts = ['long', 'short'].map(text => ({ text, image: `${text}.png` }))
  expect(await annotate(posts, {})).toEqual(posts.map(() => ({ entities: [], match: null, cutWords: 0 })))
})
