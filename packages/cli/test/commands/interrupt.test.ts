import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { useBackend } from '@mafjs/compile/engine'
import { CHECKPOINT_FOLDER, loadCheckpoint } from '@mafjs/ner-maf'
import { assertWritableFolder } from '@mafjs/tensor/files'
import { beforeAll, expect, test } from 'vitest'
import { workplace } from '../../../ner-maf/test/data/workplace'
import { outcomeOf, start } from './command'

beforeAll(() => useBackend('cpu'))

test('Ctrl-C ends a training with its best model whole', async () => {
  const posts = ['kevin\tB-PER\nloves\tO\nparis\tB-LOC\n', 'bob\tB-PER\nin\tO\nbigtown\tB-LOC\n']
  const root = await workplace({ 'train.txt': posts.join('\n').concat('\n').repeat(8) })
  const out = join(root, 'runs/model')
  // Without a validation split the last epoch is the best: every epoch replaces the folder.
  const child = start(
    ...['train', '--data', join(root, 'data'), '--out', out, '--text-encoder', root, '--random-text-encoder'],
    ...['--epochs', '100000', '--batch-size', '4', '--max-length', '16'],
  )
  const ended = outcomeOf(child)
  let lines = 0
  child.stderr!.on('data', chunk => {
    lines += String(chunk).split(/^epoch/m).length - 1
    if (lines >= 3 && !child.killed) child.kill('SIGINT')
  })
  const { code, stdout, stderr } = await ended
  expect(stderr).toMatch(
    /Saved after step \d+; go on with --resume\. Epoch \d+, the best so far, is in .*model\.\n$/,
  )
  expect(stderr).not.toMatch(/\n\s+at /)
  expect({ code, stdout }).toEqual({ code: 130, stdout: '' })
  const { model, config } = await loadCheckpoint(out)
  expect(config.model.types).toEqual(['LOC', 'PER'])
  model.dispose()
  // A signal may come in the middle of a save; the next start tidies up.
  await expect(assertWritableFolder(out, { kind: CHECKPOINT_FOLDER })).rejects.toThrow(/must not exist yet/)
  expect(await readdir(join(root, 'runs'))).toEqual(['model'])
})
