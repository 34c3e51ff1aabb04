import type { ChooseWeightType } from '@mafjs/compile'
import { describe, expect, test } from 'vitest'
import { chooseWeights } from '../../src/quantize/choose-weights'

const NAMES = Array.from({ length: 10 }, (_, i) => `weight ${i}`)

/** A model whose F1 falls by what 7 bits cost each weight, in points. */
function modelOf(costs: readonly number[]) {
  const samples: string[] = []
  const scored: string[][] = []
  const typeOf = (types: ChooseWeightType, name: string): string =>
    typeof types === 'function' ? types(name) : types
  return {
    samples,
    scored,
    options: {
      quantizer: {
        weights: NAMES,
        measureSevenBits: async () => new Map(NAMES.map((name, i) => [name, costs[i]!])),
      },
      samples: async () => {
        samples.push('asked')
        return []
      },
      float: 0.9,
      async score(types: ChooseWeightType) {
        scored.push(NAMES.filter(name => typeOf(types, name) === 'uint8'))
        const lost = NAMES.map((name, i) => (typeOf(types, name) === 'int7' ? costs[i]! : 0))
        return 0.9 - lost.reduce((sum, cost) => sum + cost, 0) / 100
      },
    },
  }
}

const costing = (costs: Record<number, number>): number[] => NAMES.map((_, i) => costs[i] ?? 0)

describe('what weights are written in', () => {
  test('7 bits where they cost nothing; nothing else is tried', async () => {
    const { options, samples, scored } = modelOf(costing({}))
    expect(await chooseWeights(options)).toEqual({ types: 'int7', trials: [{ unsigned: 0, f1: 0.9 }] })
    expect(samples).toEqual([])
    expect(scored).toHaveLength(1)
  })

  test('7 bits where unsigned weights lose as much', async () => {
    const { options } = modelOf(costing({}))
    const { types, trials } = await chooseWeights({ ...options, float: 0.95 })
    expect(types).toBe('int7')
    expect(trials.map(({ unsigned }) => unsigned)).toEqual([0, 10])
  })

  test('the weights that cost are unsigned, those that cost most first', async () => {
    const { options, scored } = modelOf(costing({ 3: 0.5, 7: 0.8, 5: 0.05 }))
    const { types, trials } = await chooseWeights(options)
    expect(scored).toEqual([[], NAMES, ['weight 7'], ['weight 3', 'weight 7']])
    expect(trials.map(({ unsigned }) => unsigned)).toEqual([0, 10, 1, 2])
    expect(NAMES.filter(name => (types as (name: string) => string)(name) === 'uint8')).toEqual([
      'weight 3',
      'weight 7',
    ])
  })

  test('all are unsigned where each of them costs', async () => {
    const { options } = modelOf(NAMES.map(() => 0.2))
    const { types, trials } = await chooseWeights(options)
    expect(types).toBe('uint8')
    expect(trials.map(({ unsigned }) => unsigned)).toEqual([0, 10, 1, 2, 4, 8])
  })
})
