import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type EnvironmentReport, formatEnvironment, useBackend } from '@mafjs/compile/engine'
import { FINDINGS } from '@mafjs/data/doctor'
import sharp from 'sharp'
import { afterEach, expect, test } from 'vitest'
import { writeTinyCheckpoint } from '../../../ner-maf/test/checkpoint/tiny-checkpoint'
import { folderWith } from '../../../ner-maf/test/data/files'
import { loadCheckingTokenizer } from '../../src/commands/load-checking-tokenizer'
import { here } from './command'

afterEach(() => {
  process.exitCode = undefined
})

let posts = 0
const post = (label = 'B-PER'): string => `word${posts++}\t${label}\n\n`

test('the exit code tells the worst of what was found', async () => {
  const twice = post()
  const cases = [
    [{ 'train.txt': post() }, 0, '0 errors, 0 warnings, 0 notes'],
    [{ 'train.txt': post('B-OTHER') }, 0, '0 errors, 0 warnings, 1 note'],
    [{ 'train.txt': twice + twice }, 3, '0 errors, 1 warning, 0 notes'],
    [{ 'train.txt': twice + twice + post('I-PER') }, 4, '1 error, 1 warning, 0 notes'],
  ] as const
  for (const [files, code, last] of cases) {
    process.exitCode = undefined
    const outcome = await here('doctor', '--data', await folderWith(files))
    expect(outcome).toMatchObject({ code, stderr: '' })
    expect(outcome.stdout).toContain(`\n${last}\n`)
  }
})

test('without --data, with options that exclude each other, or a folder that is not there', async () => {
  const nothing = await here('doctor', '--images', 'pictures')
  expect(nothing).toMatchObject({ code: 1, stdout: '' })
  expect(nothing.stderr).toMatch(
    /--data must be given with options about data\. Received: --images without it/,
  )
  for (const options of [
    ['--quick', '--fix', 'copy'],
    ['--model', 'm', '--text-encoder', 't'],
  ]) {
    const { code, stderr } = await here('doctor', '--data', 'd', ...options)
    expect([code, stderr.split('\n')[0]]).toEqual([2, expect.stringMatching(/cannot be used with option/)])
  }
  const missing = await here('doctor', '--data', join(await folderWith(), 'none'))
  expect(missing.code).toBe(1)
  expect(missing.stderr).toMatch(/^InvalidArgumentError: .*none must be a file of posts/)
})

test('the report groups findings, shows the first places, and all of them with --verbose', async () => {
  const data = await folderWith({
    'train.txt': post('I-PER') + post('I-PER') + post('I-PER') + post('I-LOC'),
  })
  const file = join(data, 'train.txt')
  const { stdout } = await here('doctor', '--data', data)
  expect(stdout).toBe(
    [
      `train: ${file}`,
      '  4 posts, 4 words, 0 entities',
      'Not checked: pictures (give --images FOLDER).',
      'Not checked: tokens and lengths (give --text-encoder or --model).',
      '',
      `error iob1 (1): ${FINDINGS.iob1.title}`,
      `  ${file}:1: 4 of 4 entities open with I-`,
      '  Read it as that (--scheme iob1), or convert the labels.',
      '',
      'error orphan-inside (4): I- labels that continue no entity of their type',
      ...[1, 3, 5].map(line => `  ${file}:${line}: I-PER at the beginning, word 1 of its post`),
      '  and 1 more (--verbose lists them)',
      `  ${FINDINGS['orphan-inside'].fix}`,
      '',
      '5 errors, 0 warnings, 0 notes',
      '',
    ].join('\n'),
  )
  const verbose = await here('doctor', '--data', data, '--verbose')
  expect(verbose.stdout).toContain(`${file}:7: I-LOC at the beginning`)
  expect(verbose.stdout).not.toContain('more')
})

test('--json gives every finding, and --fix writes a copy; the code is still that of the source', async () => {
  const picture = await sharp({ create: { width: 40, height: 40, channels: 3, background: '#7b2' } })
    .png()
    .toBuffer()
  const images = await folderWith({ 'png.jpg': picture, 'broken.png': picture.subarray(0, 60) })
  const data = await folderWith({
    'train.txt': `IMGID:png\n${post()}IMGID:broken\n${post()}lonely\n\n`,
    'test.txt': post('I-GENE'),
  })
  const fix = join(await folderWith(), 'copy')
  const { code, stdout } = await here('doctor', '--data', data, '--images', images, '--json', '--fix', fix)
  const report = JSON.parse(stdout)
  expect(code).toBe(4)
  expect(report.findings).toHaveLength(report.counts.error + report.counts.warning + report.counts.note)
  expect(report.findings[0]).toEqual({
    code: expect.any(String),
    severity: 'error',
    file: expect.any(String),
    line: expect.any(Number),
    message: expect.any(String),
    fix: expect.any(String),
  })
  expect(report.copy.folder).toBe(fix)
  const repairs = (await readFile(join(fix, 'repairs.jsonl'), 'utf8')).trimEnd().split('\n')
  expect(repairs).toHaveLength(report.copy.repairs.length)
  expect(existsSync(join(fix, 'images/png.png'))).toBe(true)
})

test('--model checks with the tokenizer, the length and the splitter of a trained model', async () => {
  await useBackend('cpu')
  const model = join(await folderWith(), 'model')
  await writeTinyCheckpoint(model, { pictures: false, maxLength: 12, splitter: 'characters' })
  const data = await folderWith({ 'train.jsonl': '{"text": "abcdefghijkl", "entities": []}\n' })
  const { code, stdout } = await here('doctor', '--data', data, '--model', model)
  expect(stdout).toContain('1 post, 12 words')
  expect(stdout).toContain('loses 2 of 12 words and 0 of 0 entities')
  expect(code).toBe(3)
  process.exitCode = undefined
  const longer = await here('doctor', '--data', data, '--model', model, '--max-length', '14')
  expect(longer.code).toBe(0)
})

test('a length without a tokenizer, two tokenizers, or no model are refused', async () => {
  const folder = await folderWith()
  await expect(loadCheckingTokenizer({ maxLength: 9 })).rejects.toThrow(/^maxLength must have a tokenizer/)
  const both = loadCheckingTokenizer({ textEncoder: folder, model: folder })
  await expect(both).rejects.toThrow(/^model must be left out/)
  await expect(loadCheckingTokenizer({ model: folder })).rejects.toThrow(
    /must hold a readable config\.json.*Give the folder/,
  )
})

test('without options it tries what this machine computes with', async () => {
  const { code, stdout } = await here('doctor')
  expect(code).toBe(0)
  expect(stdout).toMatch(/^ner-maf .*, Node \d+\.\d+\.\d+, /)
  expect(stdout).toMatch(/engine onnx +works \(onnxruntime-node \d/)
  expect(stdout).toMatch(/backend wasm +works/)
  expect(stdout).toMatch(/pictures +works \(sharp /)
  const report = JSON.parse((await here('doctor', '--json')).stdout) as EnvironmentReport & {
    nerMaf: string
  }
  expect(stdout.split('\n').slice(0, -4).join('\n')).toBe(
    `ner-maf ${report.nerMaf}, ${formatEnvironment(report)}`,
  )
  expect(stdout).toMatch(/\n\nCommands work\.\nTo examine a data set: .*\n$/)
})
