import { mkdir, readdir, readFile, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { assertWritableFolder, writeFolder } from '../../src/checkpoint/write-folder'
import { folderWith } from '../data/files'

const MAF = { 'config.json': '{"model_type": "maf"}' }

test('an existing folder is refused without overwrite', async () => {
  const folder = await folderWith(MAF)
  await expect(writeFolder(folder, { 'config.json': '{}' })).rejects.toThrow(
    /--out must not exist yet\. Received: .*--overwrite/,
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
  await expect(writeFolder(folder, MAF, { overwrite: true })).rejects.toThrow(
    /--overwrite replaces only a MAF checkpoint folder/,
  )
  expect(await readdir(folder)).toEqual(Object.keys(files))
})

test('a place where no folder can be is refused before any work', async () => {
  const folder = await folderWith({ file: '' })
  const out = join(folder, 'file/below/model')
  await expect(assertWritableFolder(out)).rejects.toThrow(
    /--out must be in a folder that can be written.*is a file/,
  )
  await expect(assertWritableFolder(join(folder, 'file'), { overwrite: true })).rejects.toThrow(/--overwrite/)
})

test('a link to a checkpoint stays a link', async () => {
  const root = await folderWith()
  await mkdir(join(root, 'runs'))
  await writeFolder(join(root, 'runs/7'), MAF)
  await symlink(join(root, 'runs/7'), join(root, 'latest'))
  await writeFolder(join(root, 'latest'), { ...MAF, 'metrics.json': '7' }, { overwrite: true })
  expect(await readFile(join(root, 'runs/7/metrics.json'), 'utf8')).toBe('7')
  expect((await readdir(root)).sort()).toEqual(['latest', 'runs'])
})
