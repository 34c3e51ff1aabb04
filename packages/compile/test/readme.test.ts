import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import '../src/kernels/all'
import { loweredKernels } from '../src/kernels/lower'

test('the README lists the kernels that are lowered, all of them and no other', async () => {
  const text = await readFile(new URL('../README.md', import.meta.url), 'utf8')
  const [, section] = /## Which kernels\n([\s\S]*?)\n## /.exec(text) ?? []
  const listed = [...(section ?? '').matchAll(/`(\w+)`/g)].map(([, name]) => name)
  expect(listed).toEqual(loweredKernels())
})
