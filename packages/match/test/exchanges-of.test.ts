import { expect, it } from 'vitest'
import { exchangesOf } from '../src/exchanges-of'

const ids = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'same', 'same']
const present = Float32Array.from(ids, id => (id === 'b' ? 0 : 1))
const key = { seed: 3, step: 0 }

it('labels as foreign exactly those who are given the picture of another', () => {
  const { partners, labels } = exchangesOf({ rule: 'eligible', rate: 0.5, minimum: 2 }, ids, present, key)
  expect([...labels]).toEqual([...partners].map((partner, row) => (partner === row ? 1 : 0)))
  // Half of the nine who have a picture, rounded up.
  expect(labels.filter(label => label === 0)).toHaveLength(5)
  expect(partners[1]).toBe(1)
  for (const [row, partner] of partners.entries()) {
    if (partner !== row) expect([ids[partner], present[partner]]).not.toEqual([ids[row], 1])
  }
})

it('follows seed and step, and the defaults of matching where the model names no rule', () => {
  const partners = (seed: number, step: number): string =>
    exchangesOf(undefined, ids, present, { seed, step }).partners.join()
  expect(partners(3, 0)).toBe(partners(3, 0))
  expect(new Set([0, 1, 2, 3].map(step => partners(3, step))).size).toBeGreaterThan(1)
  expect(new Set([3, 4, 5, 6].map(seed => partners(seed, 0))).size).toBeGreaterThan(1)
})

it("exchanges the batch's last by the published rule, whatever their pictures", () => {
  const { partners, labels } = exchangesOf({ rule: 'last', count: 4 }, ids, present, key)
  expect([...partners]).toEqual([0, 1, 2, 3, 4, 5, 8, 9, 6, 7])
  expect([...labels]).toEqual([1, 1, 1, 1, 1, 1, 0, 0, 0, 0])
})
