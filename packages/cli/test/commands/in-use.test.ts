import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { useBackend } from '@mafjs/compile/engine'
import { beforeAll, expect, test } from 'vitest'
import { workplace } from '../../../ner-maf/test/data/workplace'
import { here, outcomeOf, start } from './command'

beforeAll(() => useBackend('cpu'))

test('while a training runs its folder can be read, and written by nobody else', async () => {
  const posts = ['kevin\tB-PER\nloves\tO\nparis\tB-LOC\n', 'bob\tB-PER\nin\tO\nbigtown\tB-LOC\n']
  const root = await workplace({ 'train.txt': posts.join('\n').concat('\n').repeat(8) })
  const [data, out] = [join(root, 'data'), join(root, 'runs/model')]
  const train = (...args: string[]) => [
    ...['train', '--data', data, '--text-encoder', root, '--random-text-encoder', '--out', out],
    ...['--epochs', '100000', '--batch-size', '4', '--max-length', '16', ...args],
  ]
  const child = start(...train('--seed', '5'))
  const ended = outcomeOf(child)
  await new Promise<void>(resolve => {
    child.stderr!.on('data', chunk => /^epoch/m.test(String(chunk)) && resolve())
    child.once('close', () => resolve())
  })
  const others = [
    train('--seed', '6'),
    train('--seed', '6', '--overwrite'),
    train('--seed', '6', '--resume'),
    train('--seed', '6', '--seeds', '2'),
    ['export', '--model', out, '--out', join(out, 'onnx')],
    ['evaluate', '--model', out, '--data', data, '--split', 'train', '--out', join(out, 'scores')],
    ['demo', '--quick', '--out', out],
    ['doctor', '--data', data, '--fix', join(out, 'data')],
  ]
  for (const args of others) {
    const { code, stdout, stderr } = await here(...args)
    expect(stderr, args.join(' ')).toMatch(
      new RegExp(
        `^InvalidArgumentError: --(out|fix) must not be in use. Received: ${out}.*\`ner-maf train\` .*\\n$`,
      ),
    )
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
  }
  const read = await here('predict', '--model', out, '--text', 'kevin loves paris', '--json')
  expect(read.code, read.stderr).toBe(0)
  child.kill('SIGINT')
  expect((await ended).code).toBe(130)
  expect(JSON.parse(await readFile(join(out, 'run.json'), 'utf8')).seed).toBe(5)
  expect(await readdir(join(root, 'runs'))).toEqual(['model'])
  expect(await readdir(out)).not.toContain('scores')
})
