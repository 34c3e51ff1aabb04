import { areaUnderRoc } from '@mafjs/evaluate'
import { randomWords, uniform } from '@mafjs/tensor'
import { describe, expect, it } from 'vitest'
import { exchangePicturesWithin } from '../../src/probe/exchange-pictures-within'
import { countGates } from '../../src/probe/gate-histogram'

describe('areaUnderRoc', () => {
  it('is the share of pairs in the right order, ties half, by trying every pair', () => {
    for (let seed = 0; seed < 200; seed++) {
      const scores = (count: number, site: string): number[] =>
        Array.from(randomWords(count, { seed, site }), word => (word % 12) / 10)
      const positive = scores(1 + (seed % 9), 'positive')
      const negative = scores(1 + (seed % 7), 'negative')
      const pairs = positive.flatMap(one =>
        negative.map(other => (one > other ? 1 : one === other ? 0.5 : 0)),
      )
      const share = pairs.reduce<number>((sum, pair) => sum + pair, 0) / pairs.length
      expect(areaUnderRoc(positive, negative)).toBeCloseTo(share, 12)
    }
  })

  it('is 1, 0 and not known at its ends', () => {
    expect(areaUnderRoc([0.8, 0.9], [0.1, 0.7])).toBe(1)
    expect(areaUnderRoc([0.1], [0.7, 0.2])).toBe(0)
    expect(areaUnderRoc([], [0.7])).toBeNull()
    expect(areaUnderRoc([0.7], [])).toBeNull()
  })
})

describe('exchangePicturesWithin', () => {
  it('gives nobody the own picture where that can be, and uses each as often as before', () => {
    for (let seed = 0; seed < 300; seed++) {
      const count = 2 + (seed % 14)
      const files = Array.from(randomWords(count, { seed, site: 'files' }), word =>
        word % 5 === 0 ? undefined : `${word % (2 + (seed % 8))}.png`,
      )
      const { files: exchanged, unchanged } = exchangePicturesWithin(files, seed)
      expect([...exchanged].sort()).toEqual([...files].sort())
      expect(exchanged.map(file => file === undefined)).toEqual(files.map(file => file === undefined))
      const there = files.filter(file => file !== undefined)
      const most = Math.max(0, ...there.map(file => there.filter(other => other === file).length))
      const kept = files.filter((file, i) => file !== undefined && exchanged[i] === file).length
      expect(unchanged).toBe(kept)
      // More posts of one picture than of all others: so many must keep it, and no more do.
      expect(kept, `seed ${seed}`).toBe(Math.max(0, 2 * most - there.length))
    }
  })

  it('is the same for the same seed, and another for another', () => {
    const files = Array.from({ length: 12 }, (_, i) => `${i}.png`)
    expect(exchangePicturesWithin(files, 1)).toEqual(exchangePicturesWithin(files, 1))
    expect(exchangePicturesWithin(files, 1)).not.toEqual(exchangePicturesWithin(files, 2))
  })
})

describe('countGates', () => {
  it('counts the real word pieces of posts with a picture', () => {
    const gate = uniform(3 * 4 * 5, { seed: 1, site: 'gate' })
    gate[0] = 1 // the very end belongs to the last bin
    const mask = Float32Array.of(1, 1, 1, 0, 1, 1, 0, 0, 1, 0, 0, 0)
    const counter = countGates(4)
    expect(counter.histogram()).toBeNull()
    const vector = (...data: number[]) => ({ data: Float32Array.from(data), shape: [data.length] })
    const outputs = { gate: { data: gate, shape: [3, 4, 5], type: 'float32' as const } }
    counter.onBatch(outputs, {
      text: { ids: { data: new Int32Array(12), shape: [3, 4] }, mask: { data: mask, shape: [3, 4] } },
      image: { pixels: vector(), choice: vector(1, 0, 0, 0, 0, 1) },
    })
    const counted = [...gate.slice(0, 15), ...gate.slice(40, 45)]
    const { counts, values, mean, pieces } = counter.histogram()!
    expect(values).toBe(20)
    expect(counts).toEqual(
      [0, 1, 2, 3].map(bin => counted.filter(g => g >= bin / 4 && (g < (bin + 1) / 4 || bin === 3)).length),
    )
    expect(mean).toBeCloseTo(counted.reduce((sum, g) => sum + g, 0) / 20, 6)
    const means = [0, 5, 10, 15].map(at => counted.slice(at, at + 5).reduce((sum, g) => sum + g, 0) / 5)
    expect(pieces.count).toBe(4)
    expect(pieces.lowest).toBeCloseTo(Math.min(...means), 6)
    expect(pieces.highest).toBeCloseTo(Math.max(...means), 6)
  })
})
