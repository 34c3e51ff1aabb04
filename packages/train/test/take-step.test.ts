import type { RunKey } from '@mafjs/compile'
import type { Training } from '@mafjs/compile/engine'
import { expect, it } from 'vitest'
import { takeStep } from '../src/fit/take-step'

const losses = { total: 1 }
const report = { losses, applied: true, learningRate: 1, gradientNorm: 1, reached: [] }

it('every part of every step draws a dropout, and what collating draws, of its own', async () => {
  const drawn: { made: number[]; computed: number[] } = { made: [], computed: [] }
  const training = {
    accumulate: async (_: object, run: RunKey) => {
      drawn.computed.push(run.step)
      return losses
    },
    step: async (_: object, run: RunKey) => {
      drawn.computed.push(run.step)
      return report
    },
  } as Pick<Training<object>, 'accumulate' | 'step'> as Training<object>
  const collate = (_: readonly number[], { step }: RunKey): object => {
    drawn.made.push(step)
    return {}
  }
  const fail = (): never => expect.unreachable()
  for (const step of [0, 1, 2]) {
    const rows = [0, 1, 2, 3]
    await takeStep({ training, collate, rows, accumulate: 2, seed: 7, step, isLast: false, fail })
  }
  expect(new Set(drawn.computed).size).toBe(6)
  expect(drawn.made).toEqual(drawn.computed)
})
