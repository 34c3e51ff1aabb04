import { execFile } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import {
  readSafetensors,
  type StoredTensor,
  storeFloat32,
  toFloat32,
  writeSafetensors,
} from '@mafjs/tensor/safetensors'
import { beforeAll, describe, expect, test } from 'vitest'
import { type Computer, startComputer } from '../engine/computer'
import { checkGolden } from '../golden/check-golden'
import { checkResNet } from '../golden/check-resnet'
import { type FolderReport, isWithin } from '../golden/comparison'
import { findGolden, readJson } from '../golden/golden-files'
import { repeatingComputer } from './repeating-computer'

const root = fileURLToPath(new URL('../..', import.meta.url))
const FROM_SOURCE = new URL('../workspace/from-source.mjs', import.meta.url).href
const fixtures = join(root, 'packages/ner-maf/test/fixtures/golden')

// torchvision's own output; the deeper cases, and all of them on tfjs, run with `npm run golden`.
const resNets = ['bottleneck1111', 'bottleneck1111_256x288', 'resnet18']
const resNetFolder = join(root, '../shared/golden/resnet')
const hasResNets = existsSync(resNetFolder)
if (!hasResNets) {
  console.warn(`SKIPPED: ResNet against torchvision (${resNets}), for want of ../shared/golden/resnet`)
}

/** Both engines; planted faults are looked for on the default one. */
const ENGINES = { onnx: { engine: 'onnx', threads: 2 }, tfjs: { engine: 'tfjs' } } as const
let engine: Computer
const start = async (name: keyof typeof ENGINES): Promise<void> => {
  engine = (await startComputer(ENGINES[name])).computer
}

/** What the default engine makes of each kind of the committed fixtures. */
const made = {
  model: repeatingComputer(() => engine),
  crf: repeatingComputer(() => engine),
  scorer: repeatingComputer(() => engine),
}

const failing = ({ rows }: FolderReport): string[] =>
  rows.filter(row => !isWithin(row)).map(({ name }) => name)

/** Works on a copy of the fixtures with something changed in it. */
async function withCopy<T>(
  change: (folder: string) => void,
  use: (folder: string) => Promise<T>,
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'maf-golden-'))
  try {
    cpSync(fixtures, folder, { recursive: true })
    change(folder)
    return await use(folder)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** Checks a copy with a fault; where that is in what is expected, what was computed before is compared with it. */
const reportOf = (
  kind: keyof typeof made,
  change: (folder: string) => void,
  computing: Computer = made[kind].round(),
): Promise<FolderReport> =>
  withCopy(change, folder =>
    checkGolden(findGolden(folder).folders.find(found => found.kind === kind)!, computing),
  )

/** Changes the tensors of a safetensors file. */
function changeTensors(file: string, change: (tensors: Record<string, StoredTensor>) => void): void {
  const { tensors } = readSafetensors(readFileSync(file))
  change(tensors)
  writeFileSync(file, writeSafetensors(tensors))
}

/** Adds to one value of a tensor. */
const nudge =
  (name: string, by: number) =>
  (tensors: Record<string, StoredTensor>): void => {
    const values = toFloat32(tensors[name]!).slice()
    values[0]! += by
    tensors[name] = storeFloat32(values, tensors[name]!.shape)
  }

/** Changes a JSON file. */
function changeJson<T>(file: string, change: (content: T) => void): void {
  const content = readJson<T>(file)
  change(content)
  writeFileSync(file, JSON.stringify(content))
}

describe.each(['onnx', 'tfjs'] as const)('parity with the published code, engine %s', chosen => {
  beforeAll(() => start(chosen))

  test.each([
    ['model', 200],
    ['crf', 50],
    ['scorer', 50],
  ] as const)('%s: every number of the committed fixtures', async (kind, atLeast) => {
    const folder = findGolden(fixtures).folders.find(found => found.kind === kind)!
    const report = await checkGolden(folder, chosen === 'onnx' ? made[kind].round() : engine)
    expect(failing(report)).toEqual([])
    expect(report.unmatched).toEqual([])
    expect(report.rows.length).toBeGreaterThan(atLeast)
    // All that is left out belongs to the two parts that the published model holds and never uses.
    expect(report.unused.filter(name => !/^weights:self_attention(_v2)?\./.test(name))).toEqual([])
  })

  test.skipIf(!hasResNets || chosen === 'tfjs').each(resNets)('%s is equal to torchvision', async name => {
    const report = await checkResNet(resNetFolder, engine, { only: [name] })
    expect(failing(report)).toEqual([])
    expect(report.unmatched).toEqual([])
    expect(report.rows.length).toBeGreaterThan(20)
  })
})

describe('a planted fault is caught', () => {
  beforeAll(() => start('onnx'))

  test('one weight that is off', async () => {
    const report = await reportOf(
      'model',
      folder => changeTensors(join(folder, 'modelL/weights.safetensors'), nudge('Gate_text.weight', 0.1)),
      engine,
    )
    const names = failing(report)
    expect(names).toEqual(expect.arrayContaining(['train/gate', 'train/fused', 'losses.main_crf_nll']))
    // What comes before the gate is not touched by it.
    expect(names).not.toContain('train/cross_output')
    expect(names).not.toContain('losses.matching_ce')
  })

  test('one gradient that is off', async () => {
    const report = await reportOf('model', folder =>
      changeTensors(join(folder, 'modelL/grads.safetensors'), nudge('Gate_text.bias', 0.01)),
    )
    expect(failing(report)).toEqual(['grad/Gate_text.bias'])
  })

  test('tensors that nothing is compared with', async () => {
    const add = (name: string) => (tensors: Record<string, StoredTensor>) => {
      tensors[name] = storeFloat32(new Float32Array(2), [2])
    }
    const report = await reportOf('model', folder => {
      changeTensors(join(folder, 'modelL/expected.safetensors'), add('train/planted'))
      changeTensors(join(folder, 'modelL/weights.safetensors'), add('planted.weight'))
    })
    expect(failing(report)).toEqual([])
    expect(report.unmatched).toEqual(['weights:planted.weight', 'expected:train/planted'])
  })

  test('what the folder lacks, contradicts itself in, or holds without a number', async () => {
    interface Expected {
      losses: Record<string, number | null>
      lengths: number[]
      params_without_grad: string[]
    }
    const report = await reportOf('model', folder => {
      changeTensors(join(folder, 'modelL/expected.safetensors'), tensors => delete tensors['train/gate'])
      changeJson<Expected>(join(folder, 'modelL/expected.json'), golden => {
        golden.losses['total'] = null
        golden.losses['planted'] = 1
        golden.lengths[0]! -= 1
        golden.params_without_grad.push('Gate_text.bias')
      })
    })
    expect(failing(report)).toEqual([
      'lengths',
      'train/gate',
      'losses.total',
      'losses.planted',
      'grad/Gate_text.bias',
    ])
  })

  test('as many values in another shape, and an infinite one, which would be its own tolerance', async () => {
    const [turned, endless] = ['mixed', 'long'].map(name => `${name}/grad_nll_mean/emissions`)
    const report = await reportOf('crf', folder =>
      changeTensors(join(folder, 'crf/crf.safetensors'), tensors => {
        tensors[turned!] = { ...tensors[turned!]!, shape: tensors[turned!]!.shape.toReversed() }
        nudge(endless!, Number.POSITIVE_INFINITY)(tensors)
      }),
    )
    expect(failing(report)).toEqual([turned, endless])
  })

  test('a chunk that the scorer should not find', async () => {
    const report = await reportOf('scorer', folder =>
      changeJson<{ gold_chunks: unknown[] }[]>(join(folder, 'eval.json'), ([golden]) =>
        golden!.gold_chunks.pop(),
      ),
    )
    expect(failing(report)).toEqual(['clean/gold_chunks'])
  })

  test('a likelihood, a decode and its score that are off', async () => {
    interface Case {
      name: string
      log_likelihood: { none: number[] }
      f32_llh_none: number[]
      decode: number[][]
      viterbi_score: number[]
    }
    let name = ''
    const report = await reportOf('crf', folder =>
      changeJson<Case[]>(join(folder, 'crf/crf.json'), ([golden]) => {
        name = golden!.name
        // Both, because their difference is the float32 deviation that widens the tolerance.
        golden!.log_likelihood.none[0]! += 0.01
        golden!.f32_llh_none[0]! += 0.01
        golden!.decode[1]![0]! = golden!.decode[1]![0] === 0 ? 1 : 0
        golden!.viterbi_score[2]! += 0.01
      }),
    )
    expect(failing(report)).toEqual(
      ['log_likelihood[0]', 'decode', 'viterbi_score[2]'].map(row => `${name}/${row}`),
    )
  })

  test('a name that is no case', async () => {
    const file = (folder: string): void =>
      writeFileSync(join(folder, 'resnet.json'), JSON.stringify({ global_seed: 1, cases: [] }))
    await withCopy(file, folder =>
      expect(checkResNet(folder, engine, { only: ['resnet19'] })).rejects.toThrow('holds no case resnet19'),
    )
  })
})

describe('npm run golden', () => {
  const run = (folder: string): Promise<{ code: number; output: string }> =>
    new Promise(resolve => {
      const options = ['--import', FROM_SOURCE, join(root, 'tools/golden.ts'), folder]
      execFile(process.execPath, options, { cwd: root }, (error, stdout, stderr) =>
        resolve({ code: error ? Number(error.code) : 0, output: stdout + stderr }),
      )
    })
  const onlyScorer = (folder: string): void => {
    rmSync(join(folder, 'modelL'), { recursive: true })
    rmSync(join(folder, 'crf'), { recursive: true })
  }

  test('exits 0 where all is well', async () => {
    const { code, output } = await withCopy(onlyScorer, run)
    expect(code, output).toBe(0)
    expect(output).toMatch(/\d+ comparisons, 0 out of tolerance/)
  })

  test('exits 1 for a wrong score', async () => {
    const wrong = (folder: string): void => {
      onlyScorer(folder)
      changeJson<{ f1: number }[]>(join(folder, 'eval.json'), ([golden]) => {
        golden!.f1 += 1e-6
      })
    }
    const { code, output } = await withCopy(wrong, run)
    expect(code, output).toBe(1)
    expect(output).toMatch(/FAIL .*\/f1 /)
  })

  test('says in a line what it cannot read, and goes on with the rest', async () => {
    const { code, output } = await withCopy(folder => {
      writeFileSync(join(folder, 'modelL/expected.json'), '{ "config": ')
      rmSync(join(folder, 'crf/crf.json'))
    }, run)
    expect(code, output).toBe(1)
    expect(output).toMatch(/^FAIL .*modelL \(model\) {2}.*expected\.json is no JSON: Unexpected end/m)
    expect(output).toMatch(/^FAIL .*crf\.safetensors {2}nothing here is compared with it$/m)
    expect(output).toMatch(/^90 comparisons, 2 out of tolerance or unmatched$/m)
    const missing = await run(join(fixtures, 'nowhere'))
    expect(missing.code).toBe(1)
    expect(missing.output).toMatch(/^FAIL .*nowhere {2}ENOENT/m)
  })

  test('exits 1 for a folder with nothing to compare', async () => {
    const { code, output } = await withCopy(folder => {
      onlyScorer(folder)
      rmSync(join(folder, 'eval.json'))
    }, run)
    expect(code, output).toBe(1)
    expect(output).toContain('no golden folder found')
  })
})
