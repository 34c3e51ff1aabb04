import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { expect, test, vi } from 'vitest'

test('the example of the README runs and prints what it says', async () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
  const code = /```ts\n(.*?)```/s.exec(readme)![1]!
  const file = new URL(`./readme-${process.pid}.ts`, import.meta.url)
  const log = vi.spyOn(console, 'log').mockImplementation(() => {})
  writeFileSync(file, code)
  try {
    await import(/* @vite-ignore */ file.pathname)
    expect(log.mock.calls).toEqual([
      [[2, 5, 8], { ids: [2, 6, 7, 1, 3], firstPieces: [1, 3], unknown: [], cut: [] }],
      [[2, 16, 12], new Float32Array([1, 0])],
    ])
  } finally {
    log.mockRestore()
    rmSync(file)
  }
})
