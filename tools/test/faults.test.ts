import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { faults } from '../faults/faults'
import { placeOf, testsOf } from '../faults/plant'

const root = fileURLToPath(new URL('../..', import.meta.url))

test('every fault that is planted has its place in the source, and tests that look for it', () => {
  expect(faults.length).toBe(30)
  for (const fault of faults) {
    expect(placeOf(root, fault)).toMatch(/\.ts$/)
    expect(testsOf(root, fault)).not.toEqual([])
  }
})
