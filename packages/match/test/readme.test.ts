import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { expect, it, vi } from 'vitest'

it('runs the example of the README', async () => {
  const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8')
  const [, code = ''] = readme.match(/```ts\n(.*?)```/s) ?? []
  const folder = await mkdtemp(fileURLToPath(new URL('./readme-', import.meta.url)))
  const log = vi.spyOn(console, 'log').mockImplementation(() => undefined)
  try {
    await writeFile(`${folder}/example.ts`, code)
    await import(`${folder}/example.ts`)
    expect(log.mock.calls).toEqual([[[1, 0, 2], [0, 0, 1], 0]])
  } finally {
    log.mockRestore()
    await rm(folder, { recursive: true })
  }
})
