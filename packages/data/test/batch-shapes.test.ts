import { expect, it } from 'vitest'
import { batchShapes } from '../src/batches/batch-shapes'

const posts = [
  { positions: 5, words: 3 },
  { positions: 9, words: 2 },
  { positions: 12, words: 7 },
  { positions: 17, words: 4 },
  { positions: 70, words: 5 },
  { positions: 83, words: 20 },
]

it('rounds lengths up, the greatest to what is needed, and takes the most words that fit', () => {
  const shapeOf = batchShapes(posts, 'longest')
  expect(posts.map(post => shapeOf([post]))).toEqual([
    { positions: 8, words: 3 },
    { positions: 16, words: 7 },
    { positions: 16, words: 7 },
    { positions: 24, words: 7 },
    { positions: 80, words: 7 },
    { positions: 83, words: 20 },
  ])
  expect(shapeOf([posts[4]!, posts[0]!, posts[1]!])).toEqual({ positions: 80, words: 7 })
})

it('has one shape where the length is fixed', () => {
  const shapeOf = batchShapes(posts, 96)
  expect([shapeOf([posts[0]!]), shapeOf([posts[5]!, posts[1]!])]).toEqual(
    new Array(2).fill({ positions: 96, words: 20 }),
  )
})
