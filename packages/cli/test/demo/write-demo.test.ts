import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { newFolder } from '../../../ner-maf/test/train/run-files'
import { writeDemo } from '../../src/demo/write-demo'
import { here } from '../commands/command'

it('the written demo is trained by its own run.yaml, its CNN from random weights too', async () => {
  const folder = join(await newFolder(), 'demo')
  await writeDemo(folder, { train: 24, valid: 6, test: 6, epochs: 1 })
  const out = join(folder, 'model')
  const { code, stderr } = await here(
    'train',
    '--config',
    join(folder, 'run.yaml'),
    '--out',
    out,
    '--threads',
    '1',
  )
  expect(stderr).toContain('The image encoder starts from random weights and is trained.\n')
  // Every parameter was reached, those of the CNN too.
  expect(stderr).not.toContain('No gradient reached')
  expect(code).toBe(0)
  const { model, preprocessing } = JSON.parse(await readFile(join(out, 'config.json'), 'utf8'))
  expect(model).toMatchObject({
    imageEncoder: { kind: 'resnet', layers: [1, 1, 1, 1], trainable: true },
    dropout: 0,
    textEncoder: { layers: 2, hiddenDropout: 0 },
  })
  expect(preprocessing).toMatchObject({ pictureSize: 56, pictureResize: 56, maxLength: 48 })
})
