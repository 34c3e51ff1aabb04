import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { useBackend } from '@mafjs/compile/engine'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { writeTinyCheckpoint } from '../../../ner-maf/test/checkpoint/tiny-checkpoint'
import { here, outcomeOf, start } from './command'

interface Found {
  type: string
  text: string
  start: number
  end: number
  score: number
}

let root: string
const at = (name: string): string => join(root, name)

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'maf-convert-'))
  await useBackend('cpu')
  await writeTinyCheckpoint(at('model'), { pictures: false })
})
afterAll(() => rm(root, { recursive: true }))

test('what predict found becomes tasks that people correct', async () => {
  const posts = [
    '{"id": 1436278513418522630, "text": "🎉 kevin loves paris", "image": "a.jpg", "lang": "en"}',
    '{"tokens": ["kevin", "in", "paris"]}',
  ]
  const child = start('predict', '--model', at('model'), '--threads', '1')
  child.stdin!.end(posts.join('\n'))
  const predicted = await outcomeOf(child)
  expect(predicted.code).toBe(0)
  expect(predicted.stderr).toContain('A field is not read: "lang".\n')
  await writeFile(at('predicted.jsonl'), predicted.stdout)
  const found = predicted.stdout
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line))
  expect(found[0].entities.length).toBeGreaterThan(0)

  const to = ['--data', at('predicted.jsonl'), '--out', at('tasks.json'), '--to', 'label-studio']
  const { code, stdout, stderr } = await here('convert', ...to, '--model-version', 'tiny')
  expect(code).toBe(0)
  // What a line says of the whole post is no part of a task, and is said to be missing.
  expect(stdout).toMatch(
    /^2 posts written to .*\nNot carried over:\n {2}fields of other names: 6\n\n.*<View>/s,
  )
  expect(stderr).toContain('read: 3 fields not read: "line", "model", "cutWords"\n')
  const tasks = JSON.parse(await readFile(at('tasks.json'), 'utf8'))
  expect(tasks[0].data).toEqual({ id: '1436278513418522630', text: '🎉 kevin loves paris', image: 'a.jpg' })
  for (const [i, { predictions }] of tasks.entries()) {
    const { entities } = found[i]
    // In code points the emoji counts once.
    const shift = i === 0 ? 1 : 0
    expect(predictions[0].result).toEqual(
      entities.map(({ type, text, start, end, score }: Found, at: number) => ({
        ...{ id: String(at + 1), from_name: 'label', to_name: 'text', type: 'labels', score },
        value: { start: start - shift, end: end - shift, text, labels: [type] },
      })),
    )
    expect(predictions[0].model_version).toBe('tiny')
  }
  expect(await here('convert', ...to)).toMatchObject({
    code: 1,
    stdout: '',
    stderr: expect.stringMatching(/^InvalidArgumentError: --out must not exist yet[^\n]*\n$/),
  })
  const wrong = await here('convert', '--data', at('predicted.jsonl'), '--out', at('x'), '--to', 'jsonn')
  expect(wrong.code).toBe(2)
})
