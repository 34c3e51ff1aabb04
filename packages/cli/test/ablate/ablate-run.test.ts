import { readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { useBackend } from '@mafjs/compile/engine'
import { holm } from '@mafjs/evaluate'
import { beforeAll, expect, it } from 'vitest'
import { tinyMaf } from '../../../ner-maf/test/model/tiny'
import { writeResNet, writeTask } from '../../../ner-maf/test/train/run-files'
import { ablateRun } from '../../src/ablate/ablate-run'
import type { AblationReport } from '../../src/ablate/ablation-report'
import { ABLATION_NAMES, ABLATIONS, type Ablation, chooseAblations } from '../../src/ablate/ablations'
import { compareRun } from '../../src/compare/compare-run'
import { here } from '../commands/command'

beforeAll(() => useBackend('wasm'))

const readJson = async (...path: string[]) => JSON.parse(await readFile(join(...path), 'utf8'))

it('trains each row, compares it with MAF, and goes on where it stopped', async () => {
  const { folder, data, images, textEncoder } = await writeTask({ train: 6, valid: 2, test: 6 })
  const { file } = await writeResNet(folder)
  const out = join(folder, 'out')
  const args = [
    ...['ablate', '--data', data, '--images', images, '--text-encoder', textEncoder, '--image-encoder', file],
    ...['--random-text-encoder', '--out', out, '--max-length', '64', '--rounds', '20', '--threads', '1'],
  ]
  const ablate = (...more: string[]) => here(...args, ...more)
  const shown = await ablate('--epochs', '1', '--rows', 'text-only', 'no-gate', 'pieces')
  expect(shown.stderr).toMatch(/^row maf\n(.*\n)*row pieces\n/)
  expect(shown.code).toBe(0)
  expect(shown.stdout).toMatch(/^\| MAF .*\n\| text only .* [+-]?\d+\.\d\d \|.*\n\| - gate/m)
  expect(shown.stdout).toBe(await readFile(join(out, 'report.md'), 'utf8'))
  const report: AblationReport = await readJson(out, 'report.json')
  expect(report.rows.map(({ name }) => name)).toEqual(['maf', 'text-only', 'no-gate', 'pieces'])
  const models = await Promise.all(
    report.rows.map(async row => (await readJson(out, row.folder, 'seed-37/config.json')).model),
  )
  expect(models.map(({ interaction, fusion, steps }) => [!!interaction, fusion?.kind, steps])).toEqual([
    [true, undefined, 'words'],
    [false, undefined, 'words'],
    [true, 'concat', 'words'],
    [true, undefined, 'pieces'],
  ])

  // One seed more, and one row that was lost: nothing else is done.
  await rm(join(out, 'rows/no-gate'), { recursive: true })
  const again = await ablate('--epochs', '1', '--rows', 'no-gate', '--seeds', '2', '--json')
  expect(again.stderr.match(/^seed \d+ .*(?=:)/gm)).toEqual([
    'seed 37 was done before',
    'seed 38 done',
    'seed 37 done',
    'seed 38 done',
  ])
  const more: AblationReport = JSON.parse(again.stdout)
  const [maf, gate] = more.rows
  expect(maf!.against).toBeNull()
  const { strict, lenient, seeds } = await compareRun({
    a: join(out, 'rows/maf'),
    b: join(out, 'rows/no-gate'),
    rounds: 20,
  })
  const told = JSON.parse(JSON.stringify({ strict, lenient, seeds }))
  expect(gate!.against).toEqual({ ...told, holm: strict.randomization })
  expect(gate!.f1.strict).toEqual(told.seeds.strict.b)
  expect(await readdir(out)).toEqual(['report.json', 'report.md', 'rows'])

  // A report that is damaged is named; without it the rows tell whose the folder is.
  await writeFile(join(out, 'report.json'), '{"kind": "abl')
  const damaged = await ablate('--epochs', '1', '--rows', 'no-gate')
  expect([damaged.code, damaged.stderr]).toEqual([
    1,
    expect.stringMatching(
      /report\.json must be JSON\. .* Remove the file: the same command writes it again\.\n$/,
    ),
  ])
  await rm(join(out, 'report.json'))
  expect((await ablate('--epochs', '1', '--rows', 'no-gate', '--json')).code).toBe(0)
  const rewritten: AblationReport = await readJson(out, 'report.json')
  expect(rewritten.rows.map(({ name }) => name)).toEqual(['maf', 'no-gate'])

  const changed = await ablate('--epochs', '2')
  expect([changed.code, changed.stdout]).toEqual([1, ''])
  expect(changed.stderr).toMatch(
    /InvalidArgumentError: --epochs must be what the run began with where it is resumed: 1\. Received: 2\./,
  )
  const run = { data, images, textEncoder, imageEncoder: file }
  await expect(ablateRun({ ...run, out: folder })).rejects.toThrow('out must be new')
})

it('each row is another model', () => {
  const configs = ABLATION_NAMES.map(name => {
    const { options }: Ablation = ABLATIONS[name]
    if (options.imageEncoder === 'none') return 'text only'
    return JSON.stringify(
      tinyMaf({ ...(options.without && { without: options.without }), ...options.wiring }),
    )
  })
  expect(new Set(configs).size).toBe(9)
})

it('refuses what cannot be ablated before anything is read', async () => {
  const options = { data: 'x', images: 'x', textEncoder: 'x', out: 'x' }
  await expect(ablateRun({ ...options, imageEncoder: 'none' })).rejects.toThrow('imageEncoder must be given')
  expect(() => chooseAblations(['gate' as never])).toThrow('rows must be of maf, text-only')
  expect(chooseAblations(['residual', 'no-gate'])).toEqual(['maf', 'no-gate', 'residual'])
})

it('Holm, worked by hand', () => {
  expect(holm([0.01, 0.04, 0.03])).toEqual([0.03, 0.06, 0.06])
  expect(holm([0.5, 0.02])).toEqual([0.5, 0.04])
  expect(holm([0.9, 0.8])).toEqual([1, 1])
  expect(holm([])).toEqual([])
})
