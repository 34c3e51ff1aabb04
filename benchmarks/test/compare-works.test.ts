import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { writeTensorFile } from '../files/tensor-file'
import { compareWorks, INT8_LIMIT } from '../race/compare-works'

const folder = mkdtempSync(join(tmpdir(), 'compare-'))
afterAll(() => rmSync(folder, { recursive: true }))

type Tensors = Record<string, number[]>

const EXACT: Tensors = {
  emissions: [1, -2, 0.5],
  'gradients/weight': [0.5, -1],
  'gradients/key.bias': [0, 0],
}

/** What PyTorch's own float32 gives: off by a few roundings. */
const THEIRS: Tensors = { ...EXACT, emissions: [1, -2.000_01, 0.5], 'gradients/weight': [0.5, -1.000_01] }

function store(name: string, tensors: Tensors): string {
  const path = join(folder, `${name}.safetensors`)
  writeTensorFile(
    path,
    Object.fromEntries(
      Object.entries(tensors).map(([key, values]) => [
        key,
        { shape: [values.length], data: Float32Array.from(values) },
      ]),
    ),
  )
  return path
}

const compare = (ours: Tensors, options = {}) =>
  compareWorks(
    { ours: store('ours', ours), theirs: store('theirs', THEIRS), exact: store('exact', EXACT) },
    options,
  )

describe('compareWorks', () => {
  test('lets through what is as near to float64 as PyTorch is', () => {
    const found = compare({ ...EXACT, emissions: [1.000_02, -2, 0.5], 'gradients/key.bias': [1e-9, 0] })
    expect(found.problem).toBeUndefined()
    expect(found.outputs.theirs).toBeCloseTo(5e-6, 7)
    expect(found.outputs.ours).toBeCloseTo(1e-5, 7)
    expect(found.outputs.worst).toBe('emissions')
  })

  test('measures a gradient that is only noise by the largest one', () => {
    const { gradients } = compare({ ...EXACT, 'gradients/key.bias': [1e-7, 0] })
    expect(gradients).toMatchObject({ worst: 'gradients/key.bias', ours: expect.closeTo(1e-3, 6) })
  })

  test('stops the race for an output that is off', () => {
    expect(compare({ ...EXACT, emissions: [1.0001, -2, 0.5] }).problem).toMatch(
      /outputs are off .* at emissions/,
    )
  })

  test('stops it for a gradient that is off where every output agrees', () => {
    const { problem } = compare({ ...EXACT, 'gradients/weight': [0.5001, -1] })
    expect(problem).toMatch(/gradients are off .* at gradients\/weight/)
  })

  test('does not take NaN, a missing tensor or another shape for agreement', () => {
    expect(compare({ ...EXACT, emissions: [Number.NaN, -2, 0.5] }).problem).toContain('off by Infinity')
    const { emissions: _, ...incomplete } = EXACT
    expect(compare(incomplete).problem).toContain('emissions is missing from ours')
    expect(compare({ ...EXACT, more: [1] }).problem).toContain("more is missing from PyTorch's")
    expect(compare({ ...EXACT, emissions: [1, -2] }).problem).toContain('emissions is [2]')
  })

  test('allows int8 its loss, and no more', () => {
    const coarse = { ...EXACT, emissions: [1.2, -2, 0.5] }
    expect(compare(coarse).problem).toBeDefined()
    expect(compare(coarse, { limit: INT8_LIMIT }).problem).toBeUndefined()
    expect(compare({ ...EXACT, emissions: [2, -2, 0.5] }, { limit: INT8_LIMIT }).problem).toBeDefined()
  })
})
