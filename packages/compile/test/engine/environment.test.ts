import { expect, test } from 'vitest'
import { probeInt8 } from '../../src'
import {
  type EnvironmentReport,
  examineEnvironment,
  formatEnvironment,
  isSlow,
  isUnusable,
} from '../../src/engine'

test('what is missing or broken is named with what mends it', async () => {
  const part = { package: 'sharp', isOptional: true, fix: 'mend it', attempt: async () => {} }
  const works = { ...part, name: 'engine onnx' }
  const broken = {
    ...{ ...part, name: 'broken', isOptional: false },
    attempt: () => Promise.reject(new Error('outer', { cause: new Error('no such library\nat x') })),
  }
  const missing = { ...part, name: 'missing', package: '@mafjs/no-such-package' }
  const report = await examineEnvironment([works, broken, missing])
  expect(report.parts.map(({ state, reason }) => [state, reason])).toEqual([
    ['works', undefined],
    ['does not work', 'no such library'],
    ['not installed', undefined],
  ])
  expect([isUnusable(report), isSlow(report)]).toEqual([true, false])
  expect(formatEnvironment(report)).toContain('\n  broken: mend it\n  missing: mend it')
  const slow = await examineEnvironment([{ ...works, package: '@mafjs/no-such-package' }])
  expect([isUnusable(slow), isSlow(slow)]).toEqual([false, true])
})

test('what products of bytes come to here is said, where ONNX Runtime is', async () => {
  const report = await examineEnvironment([])
  expect(report.int8).toEqual(await probeInt8())
  const exact = { int7: true, uint8: true, int8: true }
  const line = (int8: EnvironmentReport['int8']) =>
    formatEnvironment({ ...report, int8 })
      .split('\n')
      .filter(one => one.startsWith('int8'))
  expect(line({ saturates: false, exact })).toEqual(['int8: products are exact on this processor'])
  expect(line({ saturates: true, exact })).toEqual([
    expect.stringMatching(/saturate.*no VNNI.*exactly, and slower/),
  ])
  expect(line(null)).toEqual([])
})
