import { join } from 'node:path'
import { expect, it } from 'vitest'
import { readDataset } from '../src'
import { doctorRun } from '../src/doctor'
import { folderWith } from './files'

it('is read, examined and repaired', async () => {
  const data = await folderWith({ 'train.tagged': 'a\t\tRob/I-PER sleeps/O\nb\t\tx/S-PER\n' })
  await expect(readDataset({ data })).rejects.toThrow(/train\.tagged:2 must have a label/)
  const { findings, copy } = await doctorRun({ data, fix: join(await folderWith(), 'copy') })
  expect(findings.map(({ code, line }) => [code, line])).toEqual([
    ['label-outside-scheme', 2],
    ['orphan-inside', 1],
  ])
  const { train } = await readDataset({ data: join(copy!.folder, 'data') })
  expect(train!.examples).toMatchObject([{ id: 'a', words: ['Rob', 'sleeps'], labels: ['B-PER', 'O'] }])
})
