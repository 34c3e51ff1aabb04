import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { useBackend } from '@mafjs/compile/engine'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { writeTinyCheckpoint } from '../../../ner-maf/test/checkpoint/tiny-checkpoint'
import { writePlan } from '../../src/predict/shards/write-plan'
import { outcomeOf, start } from '../commands/command'

// The contract of docs/guide/filter.md, "Files and many machines".

/** Milliseconds for some starts of the command line on a machine that does other things. */
const PATIENCE = 240_000

let root: string
const at = (...names: string[]): string => join(root, ...names)

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'maf-shards-'))
  await useBackend('cpu')
  await writeTinyCheckpoint(at('model'), { pictures: false })
})
afterAll(() => rm(root, { recursive: true }))

const predict = (...more: string[]) =>
  start(...['predict', '--model', at('model'), '--jobs', '1', '--window', '16', '--max-errors', '1'], ...more)
const parsed = (text: string) =>
  text
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line))

test('files are cut between lines, every byte once, the same way each time; another cut is refused', async () => {
  // Signs of several bytes, blank lines, and a last line without an end; and a file of nothing.
  const texts = ['é1\n\n猫3\n4\n5\n6\n7', '', '1\n2\n3\n'] as const
  const data = texts.map((_, i) => at(`cut-${i}.jsonl`))
  for (const [i, text] of texts.entries()) await writeFile(data[i]!, text)
  const shards = await writePlan({ data, out: at('cut'), lines: 3 })
  expect(shards.map(({ shard }) => shard)).toEqual([0, 1, 2, 3])
  for (const [i, text] of texts.entries()) {
    const own = shards.filter(({ file }) => file === data[i])
    const pieces = await Promise.all(
      own.map(async ({ file, start, end }) => (await readFile(file)).subarray(start, end).toString()),
    )
    expect(pieces.join('')).toBe(text)
    const lines = pieces.map(piece => piece.replace(/\n$/, '').split('\n').length)
    expect(own.map(shard => shard.lines)).toEqual(lines)
    expect(own.map(({ first }) => first)).toEqual(lines.map((_, place) => 1 + 3 * place))
  }
  expect(await writePlan({ data, out: at('cut'), lines: 3 })).toEqual(shards)
  await expect(writePlan({ data, out: at('cut'), lines: 2 })).rejects.toThrow(/^out must be new, or hold/)
})

test(
  '--shards: what a killed process did stays, the rest is done once; the parts are what the filter says',
  async () => {
    const posts = Array.from({ length: 150 }, (_, id) =>
      JSON.stringify({ id, text: ['kevin', 'in paris'][id % 2], ...(id === 71 && { tokens: 7 }) }),
    )
    const file = at('posts.jsonl')
    await writeFile(file, posts.join('\n'))
    const out = at('out')
    const plan = (await writePlan({ data: [file], out, lines: 32 })).map(shard => JSON.stringify(shard))
    const parts = async (suffix: string): Promise<string[]> => {
      const [model] = (await readdir(out)).filter(name => /^[0-9a-f]{16}-/.test(name))
      return (await readdir(join(out, model!)))
        .filter(name => name.endsWith(suffix))
        .map(name => join(out, model!, name))
    }

    const killed = predict('--shards', out)
    // The first two and no more: a third would be under way, or not, when it is killed.
    killed.stdin!.write(`${plan.slice(0, 2).join('\n')}\n`)
    let told = ''
    for await (const chunk of killed.stdout!) {
      told += chunk
      if (told.split('\n').length > 2) break
    }
    killed.kill('SIGKILL')
    await once(killed, 'exit')
    const before = await Promise.all((await parts('.json')).map(async path => (await stat(path)).mtimeMs))
    expect(before).toHaveLength(2)
    // What it would have left of the third.
    await writeFile(
      join(await parts('.jsonl').then(([part]) => join(part!, '..')), '.aside', 'part-000002.jsonl.x'),
      '{',
    )

    const child = predict('--shards', out)
    child.stdin!.end(plan.join('\n'))
    const { code, stdout, stderr } = await outcomeOf(child)
    expect([code, stderr]).toEqual([0, 'Engine: onnx, 1 thread\n'])
    expect(parsed(stdout).map(({ shard, failed }) => [shard.shard, failed])).toEqual(
      [0, 1, 2, 3, 4].map(shard => [shard, shard === 2 ? 1 : 0]),
    )
    const [first, second] = await Promise.all(
      (await parts('.json')).map(async path => (await stat(path)).mtimeMs),
    )
    expect([first, second]).toEqual(before)
    expect(await readdir(join((await parts('.jsonl'))[0]!, '..', '.aside'))).toEqual([])

    const filter = predict()
    filter.stdin!.end(posts.join('\n'))
    const whole = await outcomeOf(filter)
    const together = await Promise.all((await parts('.jsonl')).map(path => readFile(path, 'utf8')))
    // But for how errors name the line's file.
    expect(together.join('')).toBe(whole.stdout.replace('stdin:72', `${file}:72`))
  },
  PATIENCE,
)

test(
  '--shards: another option has parts of its own; a file that has changed is no part, but an error',
  async () => {
    const file = at('changing.jsonl')
    await writeFile(file, `{"text": "${'kevin paris '.repeat(5)}"}\n`)
    const out = at('changing')
    const [plan] = (await writePlan({ data: [file], out, lines: 9 })).map(shard => JSON.stringify(shard))
    const entities: number[] = []
    for (const least of ['0', '1']) {
      const child = predict('--shards', out, '--min-score', least)
      child.stdin!.end(plan)
      const [{ part }] = parsed((await outcomeOf(child)).stdout)
      entities.push(
        parsed(await readFile(join(out, part), 'utf8')).flatMap(({ entities }) => entities).length,
      )
    }
    expect(entities[0]).toBeGreaterThan(0)
    expect(entities[1]).toBe(0)

    await writeFile(file, `{"text": "${'paris kevin '.repeat(5)}"}\n`)
    const child = predict('--shards', out, '--min-score', '0.5', '--max-errors', '0')
    child.stdin!.end(`${plan}\nno shard`)
    const { code, stdout } = await outcomeOf(child)
    expect(code).toBe(65)
    expect(parsed(stdout).map(({ error }) => error)).toEqual([
      expect.stringMatching(/changing\.jsonl must be as it was when it was cut into shards/),
      expect.stringMatching(/^shards\.jsonl:2 must be JSON/),
    ])
    const files = await readdir(out, { recursive: true })
    expect(files.filter(name => name.includes('part-'))).toHaveLength(4)
  },
  PATIENCE,
)
