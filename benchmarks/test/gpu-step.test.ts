import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { farthest } from '../backends/farthest'
import { isSoftware } from '../backends/web-gpu'
import { writeTensorFile } from '../files/write-tensor-file'

const folder = mkdtempSync(join(tmpdir(), 'maf-gpu-step-test-'))
afterAll(() => rmSync(folder, { recursive: true }))

const write = (name: string, tensors: Record<string, number[]>): string => {
  const path = join(folder, `${name}.safetensors`)
  const entries = Object.entries(tensors).map(([key, values]) => [
    key,
    { shape: [values.length], values: () => Float32Array.from(values) },
  ])
  writeTensorFile(path, Object.fromEntries(entries))
  return path
}
const exact = write('exact', { 'gradients/a': [10, -20], 'gradients/zero': [0, 1e-7], losses: [2] })

test('the tensor that is furthest is named, with its share of the largest number', () => {
  const far = farthest(
    write('far', { 'gradients/a': [10, -21], 'gradients/zero': [0, 1e-7], losses: [2] }),
    exact,
  )
  expect(far).toEqual({ name: 'gradients/a', share: expect.closeTo(0.05, 6) })
  const lost = farthest(
    write('nan', { 'gradients/a': [10, -20], 'gradients/zero': [0, 1e-7], losses: [Number.NaN] }),
    exact,
  )
  expect(lost).toEqual({ name: 'losses', share: Number.POSITIVE_INFINITY })
})

test('a gradient that is only noise is measured by the largest one', () => {
  const noise = farthest(
    write('noise', { 'gradients/a': [10, -20], 'gradients/zero': [2e-6, 1e-7], losses: [2] }),
    exact,
  )
  expect(noise).toEqual({ name: 'gradients/zero', share: expect.closeTo(1e-3, 6) })
})

test('an adapter in software is known', () => {
  expect(
    ['google swiftshader', 'mesa llvmpipe (LLVM 15)', 'nvidia hopper NVIDIA H200'].map(isSoftware),
  ).toEqual([true, true, false])
})
