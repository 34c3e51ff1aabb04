import { describe, expect, it } from 'vitest'
import { batchOrder } from '../src'

describe('batchOrder', () => {
  it('gives every example once, in file order, the last batch with what is left', () => {
    expect(batchOrder(5, { batchSize: 2 })).toEqual([[0, 1], [2, 3], [4]])
    expect(batchOrder(0, { batchSize: 2 })).toEqual([])
  })

  it('shuffles by seed and epoch only', () => {
    const order = (seed: number, epoch: number) =>
      batchOrder(50, { batchSize: 8, seed, epoch, shuffle: true })
    const sorted = order(1, 0)
      .flat()
      .sort((a, b) => a - b)
    expect(sorted).toEqual(Array.from({ length: 50 }, (_, i) => i))
    expect(order(1, 0)).toEqual(order(1, 0))
    expect(order(1, 0)).not.toEqual(order(1, 1))
    expect(order(1, 0)).not.toEqual(order(2, 0))
  })

  it('holds posts of like length together when it knows the lengths, each once, by seed and epoch', () => {
    const lengths = Array.from({ length: 100 }, (_, i) => (i * 37) % 50)
    const order = (epoch: number) => batchOrder(100, { batchSize: 8, seed: 1, epoch, shuffle: true, lengths })
    const batches = order(0)
    expect(batches.flat().sort((a, b) => a - b)).toEqual([...lengths.keys()])
    expect(batches.map(batch => batch.length).sort((a, b) => b - a)).toEqual([...Array(12).fill(8), 4])
    const padding = (made: number[][]): number =>
      made.reduce((sum, batch) => sum + Math.max(...batch.map(i => lengths[i]!)) * batch.length, 0)
    expect(padding(batches)).toBeLessThan(
      0.7 * padding(batchOrder(100, { batchSize: 8, seed: 1, shuffle: true })),
    )
    expect(order(0)).toEqual(batches)
    expect(order(1)).not.toEqual(batches)
    const longest = batches.map(batch => Math.max(...batch.map(i => lengths[i]!)))
    expect(longest).not.toEqual([...longest].sort((a, b) => b - a))
  })

  it.each([0, 1.5, Number.NaN])('refuses a batch size of %d', batchSize => {
    expect(() => batchOrder(5, { batchSize })).toThrow('batchSize must be a positive whole number.')
  })
})

it('unshuffled batches of like length begin with the longest; what is as long keeps its order', () => {
  const lengths = [2, 5, 2, 9, 5, 2]
  expect(batchOrder(6, { batchSize: 2, lengths })).toEqual([
    [3, 1],
    [4, 0],
    [2, 5],
  ])
})
