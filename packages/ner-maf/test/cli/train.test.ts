import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { useBackend } from '../../src/engine/use-backend'
import { VOCABULARY } from '../checkpoint/tiny-checkpoint'
import { folderWith } from '../data/files'
import { here } from './command'

beforeAll(() => useBackend('cpu'))

const POSTS = 'kevin\tB-PER\nloves\tO\nparis\tB-LOC\n\nbob\tB-PER\nin\tO\nbigtown\tB-LOC\n'

/** A BERT of a few numbers, and files of posts in `data`. */
async function workplace(files: Record<string, string>): Promise<string> {
  const root = await folderWith({
    'vocab.txt': VOCABULARY.map(piece => `${piece}\n`).join(''),
    'config.json': JSON.stringify({
      vocab_size: VOCABULARY.length,
      hidden_size: 8,
      num_hidden_layers: 1,
      num_attention_heads: 2,
      intermediate_size: 16,
      max_position_embeddings: 32,
    }),
  })
  await mkdir(join(root, 'data'))
  for (const [name, content] of Object.entries(files)) await writeFile(join(root, 'data', name), content)
  return root
}

const train = (root: string, ...args: string[]) =>
  here(
    ...['train', '--data', join(root, 'data'), '--text-encoder', root, '--random-text-encoder'],
    ...['--out', join(root, 'model'), '--backend', 'cpu', '--max-length', '16', ...args],
  )

test('a run from files to a model that predicts, and again with --overwrite', async () => {
  const long = `${'kevin\tB-PER\n'.repeat(20)}\n`
  const root = await workplace({ 'train.txt': `${POSTS}\n${long}`, 'valid.txt': POSTS, 'test.txt': POSTS })
  const settings = ['--epochs', '2', '--batch-size', '2', '--learning-rate', '0.01']
  const { code, stdout, stderr } = await train(root, ...settings)
  expect(code).toBe(0)
  expect(stderr).toContain('The text encoder starts from random weights.')
  expect(stderr).toMatch(
    /^epoch 2\/2: loss \d+\.\d{3} = tag \d+\.\d{3}, match .*, align .*, validation F1 \d+\.\d\d \(strict\)/m,
  )
  expect(stderr).toMatch(/^1 training posts are longer than the model reads/m)
  expect(stdout).toMatch(
    /validation\n.*strict.*lenient.*test\n.*strict.*lenient.*\nBest epoch [12]; model written/s,
  )
  const model = join(root, 'model')
  expect((await readdir(model)).sort()).toEqual([
    'config.json',
    'metrics.json',
    'model.safetensors',
    'tokenizer.json',
  ])
  expect(JSON.parse(await readFile(join(model, 'metrics.json'), 'utf8'))).toHaveProperty(
    'test.strict.micro.f1',
  )
  const post = ['--model', model, '--text', 'kevin loves paris', '--backend', 'cpu', '--json']
  expect(JSON.parse((await here('predict', ...post)).stdout)).toHaveProperty('entities')

  const again = await train(root, ...settings)
  expect(again).toMatchObject({ code: 1, stdout: '' })
  expect(again.stderr).toMatch(/^InvalidArgumentError: --out must not exist yet[^\n]*\n$/)
  expect((await train(root, ...settings, '--overwrite', '--epochs', '1')).code).toBe(0)
  expect(JSON.parse(await readFile(join(model, 'config.json'), 'utf8')).training.epochs).toBe(1)
  expect((await readdir(root)).filter(name => name.startsWith('.'))).toEqual([])
})

test.each([
  ['no training split', { 'test.txt': POSTS }, [], /data must hold train\.txt or train\.jsonl/],
  ['a bad label', { 'train.txt': 'a\tB-PER\nb\tX\n' }, [], /train\.txt:2 /],
  [
    'no weights',
    { 'train.txt': POSTS },
    ['--image-encoder', 'none.pth'],
    /none\.pth must be a readable file/,
  ],
  ['no pictures', { 'train.txt': POSTS }, ['--images', '/none'], /images must be a folder of pictures/],
])('%s: one clear line, and nothing is written', async (_, files: Record<string, string>, args, message) => {
  const root = await workplace(files)
  const { code, stdout, stderr } = await train(root, ...args)
  expect(stderr).toMatch(message)
  expect(stderr).toMatch(/^InvalidArgumentError: [^\n]+\n$/)
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
  expect(await readdir(root)).not.toContain('model')
})
