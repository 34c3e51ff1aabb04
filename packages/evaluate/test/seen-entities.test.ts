import { expect, it } from 'vitest'
import { seenEntities } from '../src/evaluations/seen-entities'

const sentence = (words: string, labels: string) => ({ words: words.split(' '), labels: labels.split(' ') })

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
