import { dataFingerprint, pictureFingerprint } from '@mafjs/data'
import { expect, it } from 'vitest'
import { seenEntities } from '../../src/evaluate'
import { post } from '../model/tiny'

it('tells seen forms from unseen ones, and the same type from another', () => {
  const train = [sentence('ann sat', 'B-PER O'), sentence('the new york times', 'O B-LOC I-LOC O')]
  const posts = [
    sentence('ann in new york', 'B-PER O B-LOC I-LOC'),
    sentence('ann visits Ann', 'B-ORG O B-PER'),
    sentence('york', 'B-LOC'),
  ]
  const predicted = [['B-PER', 'O', 'B-LOC', 'O'], ['B-ORG', 'O', 'B-PER'], ['O']]
  expect(seenEntities({ train: { fingerprint: 'sha256:1', posts: train }, posts, predicted })).toEqual({
    train: { fingerprint: 'sha256:1', sentences: 2, forms: 2 },
    seen: { gold: 3, correct: 2, recall: 2 / 3 },
    sameType: { gold: 2, correct: 1, recall: 1 / 2 },
    otherType: { gold: 1, correct: 1, recall: 1 },
    unseen: { gold: 2, correct: 1, recall: 1 / 2 },
  })
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
