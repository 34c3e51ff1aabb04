import '@tensorflow/tfjs-backend-cpu'
import { registerOnnxBackend } from '@mafjs/compile'
import { describe, expect, it } from 'vitest'
import { loweredKernels } from '../../src/kernels/lower'
import { elementwiseCases } from './cases/elementwise'
import { indexingCases } from './cases/indexing'
import { layoutCases } from './cases/layout'
import { logicCases } from './cases/logic'
import { matrixCases } from './cases/matrices'
import { reductionCases } from './cases/reductions'
import { windowCases } from './cases/windows'
import { distance, type KernelCases, runCases } from './kernel-case'

// Another execution provider than cpu is tried by hand: docs/backends.md says what comes of it.
const executionProvider = process.env['MAF_TEST_PROVIDER'] ?? 'cpu'
registerOnnxBackend({ threads: 2, spinning: false, executionProvider })

const groups: Record<string, KernelCases> = {
  elementwise: elementwiseCases,
  logic: logicCases,
  reductions: reductionCases,
  layout: layoutCases,
  indexing: indexingCases,
  matrices: matrixCases,
  windows: windowCases,
}

describe("a lowered kernel gives what it gives on tfjs's cpu backend", () => {
  it.each(Object.entries(groups))('%s', async (_, cases) => {
    const calls = Object.entries(cases).flatMap(([kernel, list]) => list.map(call => ({ kernel, call })))
    const expected = await runCases('cpu', calls)
    const actual = await runCases('onnx', calls)
    const differing = calls.flatMap(({ kernel, call }, i) => {
      const [given, wanted] = [actual[i]!, expected[i]!]
      const shown = (outputs: typeof given) => outputs.map(({ shape, dtype }) => `${dtype} [${shape}]`).join()
      const far = Math.max(...wanted.map((output, k) => distance(given[k]?.values ?? [], output.values)))
      if (shown(given) === shown(wanted) && far <= (call.tolerance ?? 1e-5)) return []
      return [
        `${kernel} case ${cases[kernel]!.indexOf(call)}: ${shown(given)} for ${shown(wanted)}, ${far} apart`,
      ]
    })
    expect(differing).toEqual([])
  })

  it('all of them', () => {
    const tested = Object.values(groups).flatMap(cases => Object.keys(cases))
    expect(tested.sort()).toEqual(loweredKernels())
  })
})
