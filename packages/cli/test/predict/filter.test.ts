import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { useBackend } from '@mafjs/compile/engine'
import { LINE_LIMIT, streamLines } from '@mafjs/data'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { tinyMaf, writeTinyCheckpoint } from '../../../ner-maf/test/checkpoint/tiny-checkpoint'
import { annotateLines } from '../../src/predict/annotate-lines'
import { here, outcomeOf, start, startFile } from '../commands/command'

// The contract of docs/guide/filter.md, point by point.

let root: string
const at = (name: string): string => join(root, name)
const predict = (...more: string[]) => start('predict', '--model', at('model'), '--threads', '1', ...more)

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'maf-filter-'))
  await useBackend('cpu')
  await writeTinyCheckpoint(at('model'), { pictures: false })
})
afterAll(() => rm(root, { recursive: true }))

const post = (id: number, words: number): string =>
  JSON.stringify({ id, text: Array.from({ length: words }, (_, i) => ['kevin', 'paris'][i % 2]).join(' ') })
const parsed = (stdout: string) =>
  stdout
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line))

test('one line for each, in order, of the same model, at any batch size and number of threads', async () => {
  const lines = Array.from({ length: 40 }, (_, i) => (i === 7 ? '{' : post(i, 1 + ((i * 7) % 11))))
  const outputs = []
  for (const how of [
    ['--batch-size', '1'],
    ['--batch-size', '7', '--flush'],
    ['--threads', '2'],
  ]) {
    const child = predict('--max-errors', '1', ...how)
    child.stdin!.end(`${lines.join('\n')}\n`)
    const { code, stdout, stderr } = await outcomeOf(child)
    expect(code).toBe(0)
    expect(stderr.split('\n').length).toBeLessThan(5)
    outputs.push(parsed(stdout))
  }
  const [first, ...others] = outputs
  expect(first!.map(({ line, id }) => [line, id])).toEqual(
    lines.map((_, i) => [i + 1, i === 7 ? undefined : i]),
  )
  expect(new Set(first!.map(({ model }) => model)).size).toBe(1)
  expect(first![0].model).toMatch(/^[0-9a-f]{16}$/)
  const scores = (said: typeof first) =>
    said!.flatMap(({ entities = [] }) => entities.map(({ score }: { score: number }) => score))
  for (const other of others) {
    const without = (said: typeof first) =>
      said!.map(({ entities = [], ...rest }) => [
        rest,
        entities.map(({ score: _, ...entity }: { score: number }) => entity),
      ])
    expect(without(other)).toEqual(without(first))
    const [a, b] = [scores(first), scores(other)]
    expect(a.length).toBeGreaterThan(20)
    expect(Math.max(...a.map((score, i) => Math.abs(score - b[i])))).toBeLessThan(1e-5)
  }
})

test('--flush answers what was sent before more comes, and SIGTERM ends what waits', async () => {
  const child = predict('--flush')
  const answers = createInterface({ input: child.stdout! })
  const outcome = outcomeOf(child)
  for (const id of [1, 2, 3]) {
    // The second half of a line that is not whole yet is no reason to wait.
    child.stdin!.write(`${post(id, 3)}\n${'{"te'.slice(0, id === 3 ? 4 : 0)}`)
    const [line] = await once(answers, 'line')
    expect(JSON.parse(line).id).toBe(id)
  }
  child.kill('SIGTERM')
  const { code, stdout, stderr } = await outcome
  expect(code).toBe(143)
  expect(parsed(stdout)).toHaveLength(3)
  expect(stderr).toMatch(/\nTold to end: 3 lines were answered, no more was read\.\n$/)
})

test('--jobs: a post that ends its process becomes the one error line, in its place', async () => {
  const lines = Array.from({ length: 30 }, (_, i) => (i === 11 ? '{"id": 11, "text": "POISON"}' : post(i, 2)))
  const child = startFile('packages/cli/test/predict/poison-main.ts', [
    ...['predict', '--model', at('model'), '--jobs', '2', '--window', '16', '--max-errors', '1'],
  ])
  child.stdin!.end(lines.join('\n'))
  const { code, stdout, stderr } = await outcomeOf(child)
  expect(stderr).toMatch(/^Engine: onnx, 1 thread\n1 lines could not be read/)
  expect(code).toBe(0)
  const said = parsed(stdout)
  expect(said.map(({ line, id }) => [line, id])).toEqual(lines.map((_, i) => [i + 1, i]))
  expect(said.flatMap(({ error }) => error ?? [])).toEqual([
    'The process that computed this post ended (SIGKILL), and so did the next.',
  ])
  expect(said[11]).toMatchObject({
    error: expect.stringContaining('process'),
    text: 'POISON',
    model: said[0].model,
  })
})

test('exit codes: 64 for a wrong command line, 65 for more bad lines than may be, 69 for no model', async () => {
  expect((await here('predict', '--min-score', '2')).code).toBe(64)
  const missing = await here('predict', '--model', at('none'), '--text', 'kevin', '--backend', 'cpu')
  expect([missing.code, missing.stdout]).toEqual([69, ''])
  const child = predict('--max-errors', '1')
  child.stdin!.end('{\n\n{"text": "kevin"}')
  const { code, stdout } = await outcomeOf(child)
  expect([code, parsed(stdout).map(({ error }) => error === undefined)]).toEqual([65, [false, false, true]])
})

test('a line without an end does not fill the memory, and is an error of its own', async () => {
  const piece = Buffer.alloc(2 ** 20, 'a')
  async function* endless(): AsyncGenerator<Buffer> {
    for (let sent = 0; sent <= LINE_LIMIT; sent += piece.length) yield piece
    yield Buffer.from(`\n${post(2, 1)}`)
  }
  const maf = await tinyMaf({ pictures: false })
  const lines: { id?: number; error?: string }[] = []
  for await (const { line } of annotateLines(maf, streamLines(endless()))) lines.push(JSON.parse(line))
  expect(lines.map(({ id, error }) => [id, error])).toEqual([
    [undefined, expect.stringMatching(/^stdin:1 must have at most 16777216 bytes/)],
    [2, undefined],
  ])
  await maf.dispose()
})
