import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { useBackend } from '@mafjs/compile/engine'
import { expect, test } from 'vitest'
import { writeTinyCheckpoint } from '../../../ner-maf/test/checkpoint/tiny-checkpoint'
import { folderWith } from '../../../ner-maf/test/data/files'
import { here } from './command'

test('export writes a model, says how large it is, and refuses a type of numbers that it does not know', async () => {
  const folder = await folderWith()
  const [model, out] = [join(folder, 'model'), join(folder, 'export')]
  await useBackend('cpu')
  await writeTinyCheckpoint(model, { pictures: false })
  const unknown = await here('export', '--model', model, '--out', out, '--quantize', 'int4')
  expect(unknown.code).toBe(2)
  expect(unknown.stderr).toContain('Allowed choices are int8, int8-full')
  const { code, stdout, stderr } = await here('export', '--model', model, '--out', out, '--threads', '1')
  expect({ code, stdout }).toEqual({ code: 0, stdout: '' })
  expect(stderr).toMatch(/^Model written to .*: 0\.\d MB$/m)
  expect((await readFile(join(out, 'model.onnx'))).length).toBeGreaterThan(1000)
})
