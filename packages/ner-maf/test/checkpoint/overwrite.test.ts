import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { assertWritableFolder, writeFolder } from '@mafjs/tensor/files'
import { expect, test } from 'vitest'
import { CHECKPOINT_FOLDER } from '../../src/checkpoint/checkpoint-folder'
import { folderWith } from '../data/files'

const MAF = { 'config.json': '{"model_type": "maf"}' }

test('an existing folder is refused without overwrite', async () => {
  const folder = await folderWith(MAF)
  await expect(writeFolder(folder, { 'config.json': '{}' }, { kind: CHECKPOINT_FOLDER })).rejects.toThrow(
    /^out must not exist yet\. Received: .*overwrite: true/,
  )
  expect(await readFile(join(folder, 'config.json'), 'utf8')).toBe(MAF['config.json'])
})

test.each([
  ['an empty folder', {}],
  ['a folder of pictures', { 'cat.jpg': 'x' }],
  ['another model', { 'config.json': '{"model_type": "bert", "_name_or_path": "maf"}' }],
  ['a config that is no JSON', { 'config.json': '"maf"' }],
  ['a config that is cut off', { 'config.json': '{"model_type": "maf"' }],
])('overwrite leaves %s alone', async (_, files: Record<string, string>) => {
  const folder = await folderWith(files)
  await expect(writeFolder(folder, MAF, { kind: CHECKPOINT_FOLDER, overwrite: true })).rejects.toThrow(
    /^overwrite replaces only a MAF checkpoint folder/,
  )
  expect(await readdir(folder)).toEqual(Object.keys(files))
})

test('a place where no folder can be is refused before any work', async () => {
  const folder = await folderWith({ file: '' })
  const out = join(folder, 'file/below/model')
  await expect(assertWritableFolder(out, { kind: CHECKPOINT_FOLDER })).rejects.toThrow(
    /^out must be in a folder that can be written.*is a file/,
  )
  await expect(
    assertWritableFolder(join(folder, 'file'), { kind: CHECKPOINT_FOLDER, overwrite: true }),
  ).rejects.toThrow(/^overwrite replaces/)
})

test('a link to a checkpoint stays a link', async () => {
  const root = await folderWith()
  await mkdir(join(root, 'runs'))
  await writeFolder(join(root, 'runs/7'), MAF, { kind: CHECKPOINT_FOLDER })
  await symlink(join(root, 'runs/7'), join(root, 'latest'))
  await writeFolder(
    join(root, 'latest'),
    { ...MAF, 'metrics.json': '7' },
    { kind: CHECKPOINT_FOLDER, overwrite: true },
  )
  expect(await readFile(join(root, 'runs/7/metrics.json'), 'utf8')).toBe('7')
  expect((await readdir(root)).sort()).toEqual(['latest', 'runs'])
})

test('a replaced folder keeps what is not ours and loses what the new one does without', async () => {
  const folder = join(await folderWith(), 'model')
  await writeFolder(folder, { ...MAF, 'image.onnx': 'old' }, { kind: CHECKPOINT_FOLDER })
  await writeFile(join(folder, 'notes.txt'), 'mine')
  await writeFolder(folder, { ...MAF, 'image.onnx': undefined }, { kind: CHECKPOINT_FOLDER, overwrite: true })
  expect((await readdir(folder)).sort()).toEqual(['config.json', 'notes.txt'])
})
