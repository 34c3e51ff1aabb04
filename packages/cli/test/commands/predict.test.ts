import { closeSync, existsSync, openSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { useBackend } from '@mafjs/compile/engine'
import { loadMaf } from '@mafjs/ner-maf'
import { readSafetensors, storeFloat32, writeSafetensors } from '@mafjs/tensor/safetensors'
import sharp from 'sharp'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { writeTinyCheckpoint } from '../../../ner-maf/test/checkpoint/tiny-checkpoint'
import { here, outcomeOf, start, startTo } from './command'

let root: string
const at = (name: string): string => join(root, name)

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'maf-cli-'))
  await useBackend('cpu')
  await writeTinyCheckpoint(at('model'))
  await writeTinyCheckpoint(at('text-only'), { pictures: false })
  const file = at('model/model.safetensors')
  const { tensors } = readSafetensors(await readFile(file))
  await writeFile(file, writeSafetensors({ ...tensors, 'head.bias': storeFloat32(new Float32Array(1), [1]) }))
  const picture = sharp({ create: { width: 30, height: 20, channels: 3, background: '#284' } })
  await writeFile(at('a.png'), await picture.png().toBuffer())
  const other = sharp({ create: { width: 30, height: 20, channels: 3, background: '#fff' } })
  await writeFile(at('b.png'), await other.png().toBuffer())
})
afterAll(() => rm(root, { recursive: true }))

/** What is said of the engine first. */
const CPU = 'Engine: tfjs, backend cpu\n'

test('JSONL in, JSONL out: a process, a bad line in the middle, and nothing else on stdout', async () => {
  const posts = [
    '{"id": 1, "text": "kevin loves paris", "image": "a.png"}',
    '{"id": 2, "text": "bob"',
    '{"id": 3, "text": "kevin", "image": "../a.png"}',
    '{"id": 4, "text": "🎉 kevin in paris"}',
  ]
  const child = start(
    ...['predict', '--model', at('model'), '--images', root, '--batch-size', '3', '--threads', '1'],
  )
  child.stdin!.end(posts.join('\n'))
  const { code, stdout, stderr } = await outcomeOf(child)
  expect(stderr).toBe(
    'Engine: onnx, 1 thread, in a worker\n' +
      'The model has no place for these tensors of its file: head.bias.\n' +
      '2 lines could not be read; each has an error line in the output.\n',
  )
  expect(code).toBe(65)
  const lines = stdout
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line))
  expect(lines.map(({ id, line, error }) => [id, line, error?.slice(0, 30)])).toEqual([
    [1, 1, undefined],
    [undefined, 2, 'stdin:2 must be one JSON objec'],
    [3, 3, 'stdin:3 must name a picture in'],
    [4, 4, undefined],
  ])
  expect(lines[2].error).toContain('../a.png')
  // Another process and another engine say the same.
  const maf = await loadMaf(at('model'), { backend: 'cpu' })
  for (const [index, post] of [
    [0, { text: 'kevin loves paris', image: at('a.png') }],
    [3, { text: '🎉 kevin in paris' }],
  ] as const) {
    const expected = await maf.annotate(post)
    expect(expected.entities.length).toBeGreaterThan(0)
    expect(
      lines[index].entities.map(({ text, start }: { text: string; start: number }) => [text, start]),
    ).toEqual(expected.entities.map(({ text, start }) => [text, start]))
    if (expected.match === null) expect(lines[index].match).toBeNull()
    else expect(lines[index].match).toBeCloseTo(expected.match, 4)
  }
  await maf.dispose()
})

test('a reader that has seen enough ends the process without a word', async () => {
  const child = start('predict', '--model', at('text-only'), '--batch-size', '1', '--threads', '1')
  child.stdin!.on('error', () => {})
  const more = setInterval(() => child.stdin!.write('{"text": "kevin loves paris"}\n'.repeat(50)), 5)
  child.stdout!.once('data', () => child.stdout!.destroy())
  const { code, stderr } = await outcomeOf(child)
  clearInterval(more)
  expect(stderr).toBe('Engine: onnx, 1 thread, in a worker\n')
  expect(code).toBe(0)
})

test('one post for a person, and as JSON', async () => {
  const post = ['--text', 'kevin loves paris', '--backend', 'cpu']
  const shown = await here('predict', '--model', at('model'), '--image', at('a.png'), ...post)
  expect(shown.code).toBe(0)
  expect(shown.stdout).toMatch(/^kevin loves paris\n( {2}\w{3} {4}\w+ {2}\[\d+, \d+\) {2}[01]\.\d{3}\n)+/)
  expect(shown.stdout).toMatch(/\n {2}text and picture belong together: 0\.\d{3}\n$/)
  const two = await here('predict', '--model', at('model'), ...post, '--image', at('a.png'), at('b.png'))
  expect(two.stdout).toMatch(/\n {2}text and picture belong together: 0\.\d{3}\n$/)
  expect(two.stdout).not.toBe(shown.stdout)
  const json = await here('predict', '--model', at('model'), '--json', ...post)
  expect(JSON.parse(json.stdout)).toMatchObject({ match: null, cutWords: 0 })
  const empty = await here('predict', '--model', at('text-only'), '--text', '', '--backend', 'cpu')
  expect(empty).toEqual({ code: 0, stdout: '\n  no entities\n  no picture was used\n', stderr: CPU })
})

test('a text-only model says that the picture was not used', async () => {
  const args = ['predict', '--model', at('text-only'), '--text', 'kevin', '--image', at('a.png')]
  const { code, stdout, stderr } = await here(...args, '--json', '--backend', 'cpu')
  expect(code).toBe(0)
  expect(JSON.parse(stdout).match).toBeNull()
  expect(stderr).toBe(`${CPU}The model is text only: the picture is not used.\n`)
})

test.each([
  [
    69,
    'a missing model',
    ['--model', './none', '--text', 'a'],
    /model folder must be a folder that .*installed package, or a name on the hub\. Received: \.\/none/,
  ],
  [
    65,
    'a broken picture',
    ['--text', 'a', '--image', 'package.json'],
    /^PictureError: package\.json: .*no known format/,
  ],
  [65, 'a web address', ['--text', 'a', '--image', 'http://x.y/a.png'], /a\.png: a URL is not fetched/],
])('exit code %s, %s: one clear line and no stack', async (expected, _, args, message) => {
  const { code, stdout, stderr } = await here('predict', '--model', at('model'), '--backend', 'cpu', ...args)
  const last = stderr.trimEnd().split('\n').at(-1)
  expect(last).toMatch(message)
  expect(stderr).not.toMatch(/\n\s+at /)
  expect({ code, stdout }).toEqual({ code: expected, stdout: '' })
})

test.skipIf(!existsSync('/dev/full'))('a full stdout ends it with one line', async () => {
  const full = openSync('/dev/full', 'w')
  const child = startTo(full, 'predict', '--model', at('text-only'), '--backend', 'cpu')
  child.stdin!.end('{"text": "kevin"}\n')
  const { code, stderr } = await outcomeOf(child)
  closeSync(full)
  expect([code, stderr.replace(CPU, '')]).toEqual([
    1,
    'stdout could not be written: ENOSPC: no space left on device, write. What is there may end within a line.\n',
  ])
})
