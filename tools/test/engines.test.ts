import { useEngine } from '@mafjs/compile/engine'
import { expect, test } from 'vitest'
import { comparePoints, measureDrift } from '../engines/compare-engines'
import { type Deviation, deviationsOf } from '../engines/deviation'
import { formatDeviations } from '../engines/format-deviations'
import { createDemoTraining } from '../tiny-world/demo-training'

const TOLERANCE = 1e-5

test('both engines, and float64, agree on two steps of a run', { timeout: 240_000 }, async () => {
  const eager = await useEngine({ backend: 'cpu' })
  const compiled = await useEngine({ engine: 'onnx', threads: 2 })
  if (eager.name !== 'tfjs' || compiled.name !== 'onnx') throw new Error('An engine did not start.')
  const task = createDemoTraining({
    ...{ posts: 4, batchSize: 2, pictures: 'cnn' },
    encoder: { hidden: 32, layers: 1, heads: 4 },
  })
  const steps: number[] = []
  const all: Deviation[] = []
  await comparePoints(
    { task, steps: 3, eager, compiled },
    { points: 2, tolerance: TOLERANCE },
    (step, deviations) => {
      steps.push(step)
      all.push(...deviations)
    },
  )
  expect(steps).toEqual([0, 2])
  expect(formatDeviations(all, TOLERANCE)).toMatchObject({ failed: 0 })
  for (const { name, share, compiledError, eagerError } of all) {
    if (name.startsWith('loss')) expect(Math.max(share, compiledError, eagerError), name).toBeLessThan(1e-6)
  }
  // Float64 is neither of the engines, and the engines are two.
  const differing = (of: (one: Deviation) => number): number => all.filter(one => of(one) > 0).length
  for (const of of [
    ({ share }: Deviation) => share,
    ({ compiledError }: Deviation) => compiledError,
    ({ eagerError }: Deviation) => eagerError,
  ]) {
    expect(differing(of)).toBeGreaterThan(all.length / 2)
  }
  const zeros = new Set(all.filter(({ isZero }) => isZero).map(({ name }) => name))
  expect([...zeros].filter(name => !name.endsWith('attention.self.key.bias'))).toEqual([])
  const drift = await measureDrift({ task, steps: 1, eager, compiled })
  expect(drift.loss).toBeLessThan(1e-5)
  expect(drift.parameters).toBeGreaterThan(0)
})

const step = (loss: number, weight: number[], zero: number) => ({
  losses: { total: loss },
  gradients: { weight: Float32Array.from(weight), bias: Float32Array.of(zero) },
})

test('a gradient beyond the tolerance fails where the eager engine is nearer to float64', () => {
  const exact = step(1, [2, 0], 0)
  const deviations = deviationsOf({
    compiled: step(1, [2, 4e-4], 2e-6),
    eager: step(1 + 2 ** -12, [2, 2e-4], 0),
    exact,
  })
  const rounded = deviations.map(one => ({ ...one, share: Number(one.share.toPrecision(3)) }))
  expect(rounded).toMatchObject([
    { name: 'loss total', share: 2.44e-4, isZero: false },
    { name: 'gradient bias', share: 1e-6, isZero: true },
    { name: 'gradient weight', share: 1e-4, isZero: false },
  ])
  expect(formatDeviations(deviations, TOLERANCE)).toMatchObject({ failed: 0 })
  const far = deviationsOf({ compiled: step(1, [2, 1e-3], 0), eager: step(1, [2, 2e-4], 0), exact })
  expect(formatDeviations(far, TOLERANCE)).toMatchObject({
    failed: 1,
    text: expect.stringContaining('FAIL 4.0e-4'),
  })
  const moved = (noise: number) =>
    formatDeviations(
      far.map(one => ({ ...one, noise })),
      TOLERANCE,
    )
  expect(moved(1.1e-4)).toMatchObject({ failed: 0 })
  expect(moved(0.9e-4)).toMatchObject({ failed: 1 })
  const broken = deviationsOf({ compiled: step(Number.NaN, [2, 0], 0), eager: exact, exact })
  expect(formatDeviations(broken, TOLERANCE)).toMatchObject({ failed: 1 })
})

test('gradients of different parameters are no comparison', () => {
  const exact = step(1, [2, 0], 0)
  const { bias: _, ...gradients } = exact.gradients
  expect(() => deviationsOf({ compiled: { ...exact, gradients }, eager: exact, exact })).toThrow(
    'The engines have gradients of different parameters.',
  )
})
