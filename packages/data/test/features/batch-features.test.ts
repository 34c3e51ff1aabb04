import { uniform } from '@mafjs/tensor'
import { describe, expect, it } from 'vitest'
import { batchFeatures } from '../../src/features/batch-features'
import type { Features } from '../../src/features/features'

const picture = (site: string): Features => ({
  regions: 2,
  channels: 3,
  states: uniform(6, { seed: 1, site }),
  summary: uniform(3, { seed: 2, site }),
  mask: Float32Array.of(1, 1),
})
const NONE: Features = { ...picture('none'), mask: new Float32Array(2) }

describe('a batch of features', () => {
  it('has the regions of all pictures side by side, masks the places left, and the mean of the summaries', () => {
    const [a, b, c] = ['a', 'b', 'c'].map(picture)
    const { states, summary, mask, present } = batchFeatures([[a!, b!], [], [c!]], NONE)
    expect(states.shape).toEqual([3, 4, 3])
    expect([...states.data]).toEqual([a!, b!, NONE, NONE, c!, NONE].flatMap(one => [...one.states]))
    expect([...mask.data]).toEqual([1, 1, 1, 1, 0, 0, 0, 0, 1, 1, 0, 0])
    expect([...present]).toEqual([1, 0, 1])
    for (let i = 0; i < 3; i++) expect(summary.data[i]).toBeCloseTo((a!.summary[i]! + b!.summary[i]!) / 2, 6)
    expect([...summary.data.slice(3)]).toEqual([...NONE.summary, ...c!.summary])
  })

  it('of single pictures is what it always was, bit for bit', () => {
    const a = picture('a')
    const { states, summary, mask } = batchFeatures([[a], []], NONE)
    expect([...states.data]).toEqual([...a.states, ...NONE.states])
    expect([...summary.data]).toEqual([...a.summary, ...NONE.summary])
    expect([...mask.data]).toEqual([1, 1, 0, 0])
  })
})
