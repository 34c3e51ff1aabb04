import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { findSpecFiles, kernelsAbout } from '../tfjs-suite/about'
import { root } from '../tfjs-suite/bundle'
import { findProblems, type Judged, judge, tally } from '../tfjs-suite/judge'
import { runSuite, type SuiteOptions } from '../tfjs-suite/run-suite'
import type { SpecRecord } from '../tfjs-suite/spec-record'

const planted = join(root, 'tools/test/plant-kernels.ts')

/** Runs a few files on tfjs's cpu backend. */
async function run(options: Omit<SuiteOptions, 'backend'>) {
  const { records, problems } = await runSuite({ backend: 'cpu', processes: 1, ...options })
  return { judged: records.map(record => judge(record, kernelsAbout(record.file))), problems }
}

function gate(judged: readonly Judged[], kernels: readonly string[], exceptions = {}): string[] {
  const { unexplained, others } = findProblems({ judged, kernels, exceptions, complete: true })
  return [...unexplained, ...others]
}

const named = (judged: readonly Judged[], verdict: Judged['verdict']): string[] =>
  judged.filter(spec => spec.verdict === verdict).map(({ name }) => name)

test('the specs are the 178 of the ops and those of the folders below', () => {
  const files = findSpecFiles()
  expect(files.filter(file => !file.includes('/'))).toHaveLength(178)
  expect(files).toContain('fused/fused_mat_mul_test.js')
})

describe('on a backend with planted kernels', () => {
  const files = ['abs_test.js', 'exp_test.js', 'square_test.js']

  test('a wrong kernel fails and an absent one is not lowered; the sound backend passes', async () => {
    const [sound, faulty] = [await run({ files }), await run({ files, prepare: planted })]
    expect(sound.problems).toEqual([])
    expect(gate(sound.judged, ['Abs', 'Exp', 'Square'])).toEqual([])
    const [abs, exp, square] = tally(faulty.judged, ['Abs', 'Exp', 'Square'])
    expect(abs!.specs.failed).toBeGreaterThan(5)
    expect(named(faulty.judged, 'failed')).toContain('abs basic')
    expect(exp!.specs).toMatchObject({ passed: 0, failed: 0 })
    expect(exp!.specs.notLowered).toBeGreaterThan(3)
    expect(square).toEqual(tally(sound.judged, ['Square'])[0])
    expect(gate(faulty.judged, ['Abs']).length).toBeGreaterThan(5)
    expect(gate(faulty.judged, ['Square'])).toEqual([])
  })

  test('a process that ends too early is a problem that names the last spec', async () => {
    const { problems, judged } = await run({ files: ['square_test.js', 'diag_test.js'], prepare: planted })
    expect(problems).toEqual([expect.stringMatching(/ended \(3\).* last: diag /)])
    expect(judged.length).toBeGreaterThan(0)
  })
})

const record = (changes: Partial<SpecRecord>): SpecRecord => ({
  file: 'norm_test.js',
  name: 'norm of a vector',
  status: 'passed',
  kernels: ['Abs', 'Cast', 'Sum'],
  missing: [],
  gradient: false,
  read: true,
  expectsThrow: false,
  onlyThrowFailed: false,
  messages: [],
  ...changes,
})

describe('what a spec counts for', () => {
  test.each([
    ['the kernels its file is about', {}, ['Abs', 'Sum'], 'passed', ['Abs', 'Sum']],
    ['all that ran where those did not', {}, ['Max'], 'passed', ['Abs', 'Cast', 'Sum']],
    ['all that ran where it differentiates', { gradient: true }, ['Sum'], 'passed', ['Abs', 'Cast', 'Sum']],
    ['the absent kernel alone', { status: 'failed', missing: ['Pow'] }, ['Sum'], 'not lowered', ['Pow']],
  ] as const)('%s', (_, changes, about, verdict, belongsTo) => {
    expect(judge(record(changes as Partial<SpecRecord>), about)).toMatchObject({ verdict, belongsTo })
  })

  test.each([
    [{ expectsThrow: true, read: false }, 'argument check'],
    [{ expectsThrow: true, read: false, status: 'failed', onlyThrowFailed: true }, 'failed argument check'],
    // It never came to the read that would have followed.
    [{ expectsThrow: true, read: false, status: 'failed' }, 'failed'],
    [{ expectsThrow: true }, 'passed'],
    [{ kernels: [], status: 'failed' }, 'no kernel'],
    [{ status: 'pending' }, 'switched off'],
  ] as const)('%j: %s', (changes, verdict) => {
    expect(judge(record(changes as Partial<SpecRecord>), []).verdict).toBe(verdict)
  })

  test('a file is about what the op beside it names, else what its parts name', () => {
    expect(kernelsAbout('abs_test.js')).toEqual(['Abs', 'ComplexAbs'])
    expect(kernelsAbout('fused/fused_mat_mul_test.js')).toEqual(['_FusedMatMul'])
    expect(kernelsAbout('norm_test.js')).toEqual(expect.arrayContaining(['Abs', 'Max', 'Sum']))
    expect(kernelsAbout('arithmetic_test.js')).toEqual([])
  })
})

describe('the gate', () => {
  const passing = Array.from({ length: 30 }, (_, i) => judge(record({ name: `spec ${i}` }), []))
  const failing = judge(record({ name: 'bad', status: 'failed' }), [])

  test('a failing spec needs a reason, which must not outlive it', () => {
    expect(gate([...passing, failing], ['Sum'])).toEqual([expect.stringContaining('"bad"')])
    expect(gate([...passing, failing], ['Sum'], { bad: 'float64 only' })).toEqual([])
    expect(gate(passing, ['Sum'], { 'spec 3': 'old' })).toEqual([expect.stringContaining('stale')])
    expect(gate(passing, ['Sum'], { bad: 'old' })).toEqual([expect.stringContaining('names no spec')])
  })

  test('only listed kernels count, and each must have a spec', () => {
    expect(gate([...passing, failing], ['Pow'])).toEqual(['no spec is about Pow'])
  })

  test('no reason helps below 95 %', () => {
    expect(gate([...passing.slice(0, 18), failing], ['Sum'], { bad: 'float64 only' })).toEqual([
      expect.stringContaining('94.7 %'),
    ])
  })
})
