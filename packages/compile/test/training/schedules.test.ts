import { expect, it } from 'vitest'
import {
  constantSchedule,
  cosineSchedule,
  linearSchedule,
  publishedSchedule,
  type Schedule,
} from '../../src/training/schedules'

const at = (schedule: Schedule, steps: number[]): number[] => steps.map(step => schedule(step))
const near = (values: number[]): number[] => values.map(value => expect.closeTo(value, 12))

it('rises to 1 and falls to 0, and stays there', () => {
  const schedule = linearSchedule({ total: 200, warmup: 0.1 })
  expect(at(schedule, [0, 10, 19, 20, 110, 199, 200, 250])).toEqual(
    near([0, 0.5, 0.95, 1, 0.5, 1 / 180, 0, 0]),
  )
})

it('begins at the full rate where the warm-up is less than a step', () => {
  expect(at(linearSchedule({ total: 1 }), [0])).toEqual([1])
  expect(at(linearSchedule({ total: 9 }), [0, 3, 9])).toEqual(near([1, 2 / 3, 0]))
  expect(at(linearSchedule({ total: 4, warmup: 0 }), [0, 2])).toEqual(near([1, 0.5]))
  expect(at(linearSchedule({ total: 4, warmup: 1 }), [0, 2, 4])).toEqual(near([0, 0.5, 0]))
})

it('jumps after the warm-up and goes below 0 past the end, as published', () => {
  const schedule = publishedSchedule({ total: 100, warmup: 0.1 })
  expect(at(schedule, [0, 5, 9, 10, 50, 100, 122])).toEqual(near([0, 0.5, 0.9, 0.9, 0.5, 0, -0.22]))
})

it('rises to 1 and falls to 0 along half a cosine', () => {
  const schedule = cosineSchedule({ total: 220, warmup: 1 / 11 })
  const third = (1 + Math.cos(Math.PI / 3)) / 2
  expect(at(schedule, [0, 10, 20, 20 + 200 / 3, 120, 220, 300])).toEqual(near([0, 0.5, 1, third, 0.5, 0, 0]))
})

it('is constant, after a warm-up where one is asked for', () => {
  expect(at(constantSchedule(), [0, 1000])).toEqual([1, 1])
  expect(at(constantSchedule({ total: 40 }), [0, 1, 3, 4, 1000])).toEqual(near([0, 0.25, 0.75, 1, 1]))
})
