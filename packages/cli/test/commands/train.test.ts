import { readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { useBackend } from '@mafjs/compile/engine'
import { beforeAll, expect, test } from 'vitest'
import { parse } from 'yaml'
import { workplace } from '../../../ner-maf/test/data/workplace'
import { here, outcomeOf, startAfter } from './command'

beforeAll(() => useBackend('cpu'))

const POSTS = 'kevin\tB-PER\nloves\tO\nparis\tB-LOC\n\nbob\tB-PER\nin\tO\nbigtown\tB-LOC\n'

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
    /^epoch 2\/2: loss \d+\.\d{3} = tagging \d+\.\d{3}, matching .*, alignment .*, validation F1 \d+\.\d\d \(strict\)/m,
  )
  expect(stderr).toMatch(/^1 training posts are longer than the model reads/m)
  expect(stdout).toMatch(
    /validation\n.*strict.*lenient.*test\n.*strict.*lenient.*\nBest epoch [12]; model written/s,
  )
  const model = join(root, 'model')
  expect((await readdir(model)).sort()).toEqual([
    'README.md',
    'config.json',
    'curves.svg',
    'events.jsonl',
    'last',
    'metrics.json',
    'model.safetensors',
    'report.md',
    'run.json',
    'tokenizer.json',
  ])
  const metrics = JSON.parse(await readFile(join(model, 'metrics.json'), 'utf8'))
  const card = await readFile(join(model, 'README.md'), 'utf8')
  const [, front, text] = card.split('---\n')
  const fields = parse(front!)
  const [{ dataset, metrics: shown }] = fields['model-index'][0].results
  expect(fields).toMatchObject({ library_name: 'ner-maf', pipeline_tag: 'token-classification' })
  expect(Object.keys(fields)).not.toContain('license')
  expect(dataset).toEqual({ name: 'data', type: 'data', split: 'test' })
  expect(shown).toHaveLength(6)
  for (const { type, name, value } of shown) {
    const { micro } = metrics.test[name.includes('strict') ? 'strict' : 'lenient']
    expect(value).toBeCloseTo(micro[type], 4)
  }
  for (const said of ['LOC, PER', 'text alone', '| train', 'read in windows: 1', '`license`']) {
    expect(text).toContain(said)
  }
  // What a machine calls its folders is no part of it.
  expect(card).not.toContain(root)
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
  ['no training split', { 'test.txt': POSTS }, [], /data must hold train as a file of posts/],
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

test('a learning rate that breaks the loss: the reason, what is kept, and the epoch before in the folder', async () => {
  const root = await workplace({ 'train.txt': POSTS })
  const model = join(root, 'model')
  const huge = ['--learning-rate', '1e30', '--batch-size', '2', '--epochs', '3']
  const nothing = await train(root, ...huge, '--warmup', '0')
  expect(nothing).toMatchObject({ code: 1, stdout: '' })
  expect(nothing.stderr).toMatch(
    /\nThe first epoch did not end: there is no model yet\.\nTrainingError: The loss[^\n]+\n$/,
  )
  await expect(readdir(model)).resolves.toEqual(['run.json'])
  // One step an epoch, and a warm-up that begins at a rate of 0: the first epoch changes nothing.
  const first = await train(root, ...huge, '--warmup', '1', '--overwrite')
  expect(first).toMatchObject({ code: 1, stdout: '' })
  expect(first.stderr).toMatch(
    /\nEpoch 1, the best so far, is in \S+model\.\nTrainingError: The loss[^\n]+\n$/,
  )
  const { epoch } = JSON.parse(await readFile(join(model, 'metrics.json'), 'utf8'))
  expect(epoch).toBe(1)
  const post = ['--model', model, '--text', 'kevin', '--backend', 'cpu']
  expect((await here('predict', ...post)).code).toBe(0)
})

test('what the files hold and what the model will know is said before the training', async () => {
  const root = await workplace({
    'train.txt': `IMGID:1\n${POSTS}`,
    'valid.txt': 'kevin\tB-PET\nloves\tB-PET\nparis\tB-LOC\n',
  })
  const { code, stderr } = await train(root, '--epochs', '1')
  expect(code).toBe(0)
  expect(stderr).toMatch(
    new RegExp(
      [
        '^train: 2 posts, 1 without a picture',
        'train: 1 picture named, but no images folder was given',
        'valid: 1 post, 1 without a picture',
        'Engine: .+',
        'Entity types: LOC, PER\\.',
        'Entities of valid of types that train does not have count as missed: PET \\(2\\)\\.\n',
      ].join('\n'),
    ),
  )
  await rm(join(root, 'data/valid.txt'))
  const last = await train(root, '--epochs', '1', '--overwrite')
  expect(last.stderr).toContain('There is no validation split: the last epoch is kept.\n')
})

test.skipIf(process.platform === 'win32')(
  'where no more can be written, it says which file and how to go on',
  async () => {
    const root = await workplace({ 'train.txt': POSTS })
    const paths = ['--data', join(root, 'data'), '--text-encoder', root, '--out', join(root, 'model')]
    // The limit of a file's size stands for a full disk: the same call fails, with another code.
    const child = startAfter(
      'ulimit -f 1',
      'train',
      ...paths,
      '--random-text-encoder',
      '--epochs',
      '1',
      '--max-length',
      '16',
    )
    const { code, stderr } = await outcomeOf(child)
    expect(stderr.trimEnd().split('\n').at(-1)).toMatch(
      /^Error: EFBIG: file too large, write '[^']*model[^']*'\. Make room there, then go on with --resume\.$/,
    )
    expect(code).toBe(1)
  },
)

test('a text encoder without weights: it says what to give instead', async () => {
  const root = await workplace({ 'train.txt': POSTS })
  const { code, stderr } = await here(
    'train',
    '--data',
    join(root, 'data'),
    '--text-encoder',
    root,
    '--out',
    join(root, 'model'),
  )
  expect(stderr).toMatch(
    /must hold model\.safetensors or .*, or start from random weights with --random-text-encoder\.\n$/,
  )
  expect(code).toBe(1)
})
