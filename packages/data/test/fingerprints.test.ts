import { expect, it } from 'vitest'
import { dataFingerprint, pictureFingerprint } from '../src/fingerprints'

const post = (words: string, labels: string, image?: string) => ({
  id: '1',
  words: words.split(' '),
  labels: labels.split(' '),
  ...(image !== undefined && { image }),
})

it('fingerprints tell words, labels, their order and their borders apart, and nothing else', () => {
  const posts = [post('ann sat', 'B-PER O', 'a.png'), post('rob', 'B-PER')]
  const print = dataFingerprint(posts)
  // The digest of these very lines, by sha256sum.
  expect(print).toBe('sha256:b949f718e40847d962bff0f6ffc35194ce8b7646f9df5e1836c99d3e98610eb0')
  const renamed = posts.map(one => ({ ...one, id: 'x', image: 'y.png' }))
  expect(dataFingerprint(renamed)).toBe(print)
  const others = [
    [posts[1]!, posts[0]!],
    [post('ann sat', 'B-PER B-PER'), posts[1]!],
    [post('ann sat rob', 'B-PER O B-PER')],
    [{ words: ['ann sat'], labels: ['B-PER O'] }, posts[1]!],
  ]
  for (const other of others) expect(dataFingerprint(other)).not.toBe(print)
  expect(pictureFingerprint(['a.png', undefined])).not.toBe(pictureFingerprint([undefined, 'a.png']))
})
