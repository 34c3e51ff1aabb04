import { chooseExchanges, publishedExchanges, swapNegatives } from '@mafjs/match'
import '@tensorflow/tfjs-backend-cpu'
import * as tf from '@tensorflow/tfjs-core'
import { describe, expect, it } from 'vitest'

await tf.setBackend('cpu')

const exchangedOf = (partners: Int32Array): number[] =>
  [...partners.keys()].filter(index => partners[index] !== index)

describe('chooseExchanges', () => {
  it('keeps its rules for every mixture of pictures', () => {
    for (let seed = 0; seed < 400; seed++) {
      const batch = 1 + (seed % 17)
      const pictures = 1 + (seed % 5)
      const ids = Array.from({ length: batch }, (_, i) =>
        (i * 7 + seed) % 6 === 0 ? null : (i * i) % pictures,
      )
      const present = ids.map((_, i) => ((i + seed) % 7 === 0 ? 0 : 1))
      const rate = [0, 0.25, 0.5, 1][seed % 4]!
      const partners = chooseExchanges({ ids, present, rate, seed })
      const has = (index: number): boolean => ids[index] !== null && present[index] === 1
      const eligible = [...ids.keys()].filter(
        index => has(index) && ids.some((id, other) => has(other) && id !== ids[index]),
      )
      const exchanged = exchangedOf(partners)
      expect(exchanged).toHaveLength(
        Math.min(eligible.length, Math.max(2, Math.ceil(rate * eligible.length))),
      )
      for (const index of exchanged) {
        expect(eligible).toContain(index)
        expect(eligible).toContain(partners[index])
        expect(ids[partners[index]!]).not.toBe(ids[index])
      }
    }
  })

  it('exchanges distinct pictures among the chosen ones, each given to one', () => {
    const partners = chooseExchanges({ ids: Array.from({ length: 64 }, (_, i) => `picture ${i}`) })
    const exchanged = exchangedOf(partners)
    expect(exchanged).toHaveLength(16)
    expect(exchanged.map(index => partners[index]).sort()).toEqual(exchanged.sort())
  })

  it('gives each picture once where no picture fills over half', () => {
    const ids = ['a', 'a', 'b', 'b', 'b', 'c', 'd', 'd']
    for (let seed = 0; seed < 50; seed++) {
      expect([...chooseExchanges({ ids, rate: 1, seed })].sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7])
    }
  })

  it('exchanges nothing where nothing can be', () => {
    expect([...chooseExchanges({ ids: ['a'] })]).toEqual([0])
    expect([...chooseExchanges({ ids: ['a', 'a', 'a'], rate: 1 })]).toEqual([0, 1, 2])
    expect([...chooseExchanges({ ids: ['a', null, null] })]).toEqual([0, 1, 2])
    expect([...chooseExchanges({ ids: ['a', 'b'], present: [1, 0] })]).toEqual([0, 1])
    expect([...chooseExchanges({ ids: [], rate: 1 })]).toEqual([])
  })

  it('reaches every example over the steps, each about as often', () => {
    const times = new Array<number>(8).fill(0)
    for (let step = 0; step < 400; step++) {
      const partners = chooseExchanges({ ids: [1, 2, 3, 4, 5, 6, 7, 8], seed: 7, step })
      for (const index of exchangedOf(partners)) times[index]!++
    }
    // 2 of 8 in 400 steps: 100 each, with a deviation of 9.
    for (const count of times) expect(Math.abs(count - 100)).toBeLessThan(45)
  })

  it('says what is wrong', () => {
    expect(() => chooseExchanges({ ids: [1], rate: 25 })).toThrow('rate must be in [0, 1]. Received: 25.')
    expect(() => chooseExchanges({ ids: [1], minimum: 0.5 })).toThrow(
      'minimum must be a whole number, 0 or more. Received: 0.5.',
    )
    expect(() => chooseExchanges({ ids: [1, 2], present: [1] })).toThrow(
      'present must be as long as ids (2). Received: 1.',
    )
  })
})

describe('publishedExchanges', () => {
  it.each([
    [6, 4, [0, 1, 4, 5, 2, 3], [1, 1, 0, 0, 0, 0]],
    [5, 3, [0, 1, 3, 2, 4], [1, 1, 0, 0, 0]],
    [4, 4, [0, 1, 2, 3], [1, 1, 1, 1]],
    [3, 16, [0, 1, 2], [1, 1, 1]],
    [3, null, [0, 1, 2], [1, 1, 1]],
  ])('of %i examples exchanges the last %s', (batch, count, partners, labels) => {
    const exchanges = publishedExchanges(batch, count)
    expect([...exchanges.partners]).toEqual(partners)
    expect([...exchanges.labels]).toEqual(labels)
  })

  it('says what is wrong', () => {
    expect(() => publishedExchanges(4, -1)).toThrow(
      'count must be null or a whole number, 0 or more. Received: -1.',
    )
  })
})

describe('swapNegatives', () => {
  it("gives every example its partner's states", () => {
    const states = tf.tensor3d([[[1, 2]], [[3, 4]], [[5, 6]]])
    const before = tf.memory().numTensors
    expect(swapNegatives(states, [2, 1, 0]).arraySync()).toEqual([[[5, 6]], [[3, 4]], [[1, 2]]])
    expect(tf.memory().numTensors).toBe(before + 1)
  })

  it('says what is wrong', () => {
    const states = tf.zeros<tf.Rank.R3>([2, 1, 1])
    const rule = 'partners must be 2 indices from 0 to 1, one per example. Received:'
    expect(() => swapNegatives(states, [0])).toThrow(`${rule} [0].`)
    expect(() => swapNegatives(states, [0, 2])).toThrow(`${rule} [0, 2].`)
  })
})
