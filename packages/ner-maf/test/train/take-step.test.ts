import { expect, it } from 'vitest'
import { takeStep } from '../../src/train/take-step'
import type { StepReport, Trainer, TrainingBatch } from '../../src/train/trainer'

const losses = { total: 1, tagging: 1, matching: 0, alignment: 0 }
const report: StepReport = { losses, learningRate: 1, gradientNorm: 1, reached: [] }

it('every part of every step draws a dropout, and exchanges, of its own', async () => {
  const drawn: { made: number[]; computed: number[] } = { made: [], computed: [] }
  const compute = (run: { step: number }) => drawn.computed.push(run.step)
  const trainer = {
    accumulate: async (_, run) => {
      compute(run)
      return losses
    },
    step: async (_, run) => {
      compute(run)
      return report
    },
  } as Pick<Trainer, 'accumulate' | 'step'> as Trainer
  const batches = {
    make: async (_: readonly number[], step: number) => {
      drawn.made.push(step)
      return {} as TrainingBatch
    },
  } as never
  const fail = (): never => expect.unreachable()
  for (const step of [0, 1, 2]) {
    await takeStep({
      trainer,
      batches,
      places: [0, 1, 2, 3],
      accumulate: 2,
      seed: 7,
      step,
      isLast: false,
      fail,
    })
  }
  expect(new Set(drawn.computed).size).toBe(6)
  expect(drawn.made).toEqual(drawn.computed)
})
