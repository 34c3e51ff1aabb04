import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { folderWith } from '../../../ner-maf/test/data/files'
import { COMMANDS } from '../../src/commands/commands'
import { here, outcomeOf, start } from './command'

const NAMES = COMMANDS.filter(({ hidden }) => !hidden).map(({ name }) => name)

test('help of every command goes to stdout and is a success', async () => {
  const { code, stdout, stderr } = await here('--help')
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  for (const command of NAMES) {
    expect(stdout).toMatch(new RegExp(`\\n {2}${command} +\\w`))
    const help = await here(command, '--help')
    expect(help).toMatchObject({ code: 0, stderr: '' })
    expect(help.stdout).toContain(`Usage: ner-maf ${command} [options]`)
    // Every option says what it is for.
    for (const line of help.stdout.matchAll(/^ {2}(--\S+(?: <\S+>)?)(.*)$/gm)) {
      expect(line[2], line[1]).toMatch(/ {2}\S/)
    }
  }
  expect(await here('--version')).toMatchObject({ code: 0, stderr: '' })
})

/** The packages that a source file loads before it is called. */
function packagesOf(file: URL, seen = new Set<string>()): string[] {
  if (seen.size === seen.add(file.href).size || file.href.endsWith('.json.ts')) return []
  const source = readFileSync(file, 'utf8')
  const names = [...source.matchAll(/^(?:import|export) (?!type )[^'()]* from '([^']+)'/gm)].map(
    ([, name]) => name!,
  )
  return names.flatMap(name =>
    name.startsWith('.') ? packagesOf(new URL(`${name}.ts`, file), seen) : [name],
  )
}

test('what a command computes with is not loaded before it is called', () => {
  expect([...new Set(packagesOf(new URL('../../src/run.ts', import.meta.url)))]).toEqual(['commander'])
  expect(packagesOf(new URL('../../src/commands/train.ts', import.meta.url))).toContain('@mafjs/ner-maf')
})

test.each([
  [['evaluate'], /error: required option '--model <model>' not specified/],
  [['predict', '--model', 'x', '--txet', 'y'], /error: unknown option '--txet'\n\(Did you mean --text\?\)/],
  [['predict', '--model', 'x', '--image', 'a.png'], /error: --image belongs to --text/],
  [
    ['predict', '--model', 'x', '--batch-size', '0'],
    /'--batch-size <posts>' argument '0' is invalid.* from 1 to/,
  ],
  [['evaluate', '--model', 'x', '--data', 'y', '--split', 'dev'], /Allowed choices are train, valid, test/],
  [
    ['evaluate', '--model', 'x', '--data', 'y', '--backend', 'gpu'],
    /Allowed choices are auto, tensorflow, wasm, cpu/,
  ],
  [['predict', '--model', 'x', '--engine', 'gpu'], /Allowed choices are auto, onnx, tfjs/],
  [['predict', '--model', 'x', '--threads', '0'], /'0' is invalid\. It must be a number from 1 to 256/],
  [
    ['demo', '--threads', '257'],
    /--threads <count>' argument '257' is invalid\. It must be a number from 1 to 256/,
  ],
  [['train', '--epochs', '1.5'], /'1\.5' is invalid\. It must be a whole number/],
  [['predict', '--model', 'x', 'kevin'], /error: too many arguments/],
  [['forecast'], /error: unknown command 'forecast'/],
])(
  'wrong use %j: its code, the error in a line or two on stderr, and where the help is',
  async (args, message) => {
    const { code, stdout, stderr } = await here(...args)
    expect(stderr).toMatch(message)
    expect(stderr).toMatch(/\nner-maf( \w+)? --help lists (its options|the commands)\.\n$/)
    expect(stderr.trim().split('\n').length).toBeLessThanOrEqual(3)
    expect({ code, stdout }).toEqual({ code: args[0] === 'predict' ? 64 : 2, stdout: '' })
  },
)

test.each([
  [
    ['--engine', 'onnx', '--backend', 'cpu'],
    /^InvalidArgumentError: --backend must be left out with the engine onnx/,
  ],
  [
    ['--threads', '2', '--backend', 'cpu'],
    /^InvalidArgumentError: --threads must be left out with the engine tfjs/,
  ],
])('options of two engines at once, %j: one line that says so', async (args, message) => {
  const { code, stdout, stderr } = await here('predict', '--model', 'x', '--text', 'a', ...args)
  expect(stderr).toMatch(message)
  expect(stderr.split('\n')).toHaveLength(2)
  expect({ code, stdout }).toEqual({ code: 64, stdout: '' })
})

test('the process ends with the same code', async () => {
  const { code, stdout, stderr } = await outcomeOf(start('predict', '--nothing'))
  expect(stderr).toMatch(/^error: unknown option.*\nner-maf predict --help/s)
  expect({ code, stdout }).toEqual({ code: 64, stdout: '' })
})

test('train refuses an existing --out before it reads anything, import too', async () => {
  const out = await folderWith({ 'config.json': '{"model_type": "maf"}' })
  const train = await here('train', '--data', 'none', '--text-encoder', 'none', '--out', out)
  expect(train).toMatchObject({ code: 1, stdout: '' })
  expect(train.stderr).toMatch(/^InvalidArgumentError: --out must not exist yet\. .*--overwrite\.\n$/)
  const files = ['--state-dict', 'none', '--text-encoder', 'none', '--image-encoder', 'none']
  const other = await here('import', ...files, '--out', join(out, 'config.json'), '--overwrite')
  expect(other.stderr).toMatch(
    /^InvalidArgumentError: --overwrite replaces only a MAF checkpoint folder.*\n$/,
  )
})
