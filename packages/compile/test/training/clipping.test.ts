import { describe, expect, it } from 'vitest'
import { clipByGlobalNorm, clipPerTensor } from '../../src/training/clipping'

describe('clipping', () => {
  const factorsOf = (clipping: typeof clipByGlobalNorm, limit: number): number[] => {
    const factors = new Float64Array(3).fill(Number.NaN)
    clipping(limit)(Float64Array.of(5, 12, 0), factors)
    return [...factors]
  }

  it('by the global norm keeps the direction', () => {
    expect(factorsOf(clipByGlobalNorm, 1)).toEqual(Array(3).fill(1 / 13.000001))
    expect(factorsOf(clipByGlobalNorm, 14)).toEqual([1, 1, 1])
  })

  it('per tensor limits each by itself', () => {
    expect(factorsOf(clipPerTensor, 6)).toEqual([1, 6 / 12.000001, 1])
  })
})
