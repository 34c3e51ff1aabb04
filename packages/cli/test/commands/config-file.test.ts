import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { useBackend } from '@mafjs/compile/engine'
import { beforeAll, expect, test } from 'vitest'
import { workplace } from '../../../ner-maf/test/data/workplace'
import { here } from './command'

beforeAll(() => useBackend('cpu'))

const POSTS = 'kevin\tB-PER\nloves\tO\nparis\tB-LOC\n\nbob\tB-PER\nin\tO\nbigtown\tB-LOC\n'

/** A workplace with a configuration in it, and how to train by it. */
async function configured(name: string, lines: string) {
  const root = await workplace({ 'train.txt': POSTS })
  const file = join(root, name)
  await writeFile(file, lines.replaceAll('ROOT', root))
  const readRecord = async (out: string) => JSON.parse(await readFile(join(root, out, 'run.json'), 'utf8'))
  return { root, file, readRecord, train: (...args: string[]) => here('train', '--config', file, ...args) }
}

const NEEDED = `data: ROOT/data
text-encoder: ROOT
randomTextEncoder: true
out: ROOT/model
backend: cpu
maxLength: 16
`

test('a file drives a run, the command line overrides it, and the record of a run is such a file', async () => {
  const { root, train, readRecord } = await configured(
    'run.yaml',
    `${NEEDED}epochs: 1
learning-rate: 2.0e-3
clipBy: per-tensor
without: [alignment]
patience: null
groups:
  - { parameters: crf, learningRate: 0.01, weightDecay: 0 }
  - { parameters: text_encoder.embeddings, frozen: true }
`,
  )
  expect(await train('--batch-size', '1', '--learning-rate', '0.003')).toMatchObject({ code: 0 })
  const record = await readRecord('model')
  expect(record).toMatchObject({
    epochs: 1,
    learningRate: 0.003,
    batchSize: 1,
    clipBy: 'per-tensor',
    without: ['alignment'],
    schedule: 'linear',
    groups: [
      { parameters: 'crf', learningRate: 0.01, weightDecay: 0 },
      { parameters: 'text_encoder.embeddings', frozen: true },
    ],
    fingerprints: { train: { posts: 2, words: 6, entities: 4, pictures: 0 } },
  })
  expect(Object.keys(record.versions)).toEqual(['ner-maf', 'node', 'tfjs-core'])
  const again = ['--config', join(root, 'model/run.json'), '--out', join(root, 'again'), '--backend', 'cpu']
  expect(await here('train', ...again)).toMatchObject({ code: 0 })
  expect(await readRecord('again')).toEqual(record)
  const weights = (out: string): Promise<Buffer> => readFile(join(root, out, 'model.safetensors'))
  expect((await weights('again')).equals(await weights('model'))).toBe(true)
})

test.each([
  [
    'run.yaml',
    'learningrate: 1\n',
    'learningrate must be an option of this command. Received: learningrate. Did you mean learningRate?',
  ],
  ['run.yaml', 'xyz: 1\n', 'xyz must be an option of this command. Received: xyz. There are data, images, '],
  ['run.yaml', 'epochs: many\n', 'epochs must be a number from 1 to 9007199254740991. Received: many'],
  ['run.yaml', 'strict: 1\n', 'strict must be true or false. Received: 1'],
  ['run.yaml', 'preset: other\n', 'preset Allowed choices are default, reference. Received: other'],
  ['run.yaml', 'seed: [1, 2]\n', 'seed must be a number from 0 to'],
  [
    'run.yaml',
    'groups: [{ parameter: crf }]\n',
    'groups[0].parameter must not be there: a group has parameters, ',
  ],
  [
    'run.yaml',
    'groups: [{ parameters: cfr, frozen: true }]\n',
    'groups[0].parameters must match a parameter',
  ],
  ['run.yaml', 'a: [\n', '--config must be a file of options by name, .yaml, .yml or .json. Received: '],
  ['run.json', '[]', '--config must be a file of options by name'],
  ['run.toml', 'a = 1', '--config must be a file of options by name'],
])('%s %j is refused: %s', async (name, lines, message) => {
  const isRecord = name === 'run.yaml' && !lines.startsWith('a')
  const { train } = await configured(name, isRecord ? `${NEEDED}${lines}` : lines)
  const { code, stderr } = await train()
  expect(stderr).toContain(message)
  expect(stderr).not.toMatch(/\n\s+at /)
  expect(code).toBe(1)
})

test('what neither file nor command line gives is a wrong command line', async () => {
  const { train } = await configured('run.yaml', 'epochs: 1\n')
  const { code, stderr } = await train()
  expect(stderr).toContain("error: required option '--data <folder>' not specified")
  expect(code).toBe(2)
})

test.each([
  ['crf', 'must be like crf:lr=1e-3'],
  ['crf:rate=1', 'must be like crf:lr=1e-3'],
  ['crf:lr=x', 'must be like crf:lr=1e-3'],
])('a group %s is a wrong command line', async (group, message) => {
  const { train } = await configured('run.yaml', NEEDED)
  const { code, stderr } = await train('--groups', group)
  expect(stderr).toContain(message)
  expect(code).toBe(2)
})
