import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { distanceRows } from '../../src/text/distance-rows'

/** What `make-text-encoders.py` asked Hugging Face's own library for: the step of every distance from 0. */
const cases: { buckets: number; farthest: number; steps: number[] }[] = JSON.parse(
  readFileSync(new URL('../fixtures/distance-buckets.json', import.meta.url), 'utf8'),
)

test.each(cases)(
  '$buckets buckets up to $farthest are those of Hugging Face',
  ({ buckets, farthest, steps }) => {
    const positions = steps.length
    const rows = distanceRows(positions, { buckets, farthest })
    const clamped = (step: number): number => Math.min(Math.max(step + buckets, 0), 2 * buckets - 1)
    expect([...rows.slice(positions, 2 * positions)]).toEqual(steps.map(clamped))
    expect([...rows.slice(1, positions + 1)].reverse()).toEqual(steps.map(step => clamped(-step)))
  },
)

test('without buckets every distance has its own row, up to the farthest', () => {
  expect([...distanceRows(4, { buckets: 0, farthest: 2 })]).toEqual([0, 0, 0, 1, 2, 3, 3, 3, 3])
})
