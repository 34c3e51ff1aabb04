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
    const [loss, paths, probabilities] = log.mock.calls.at(-1)!
    const printed = `${loss.toFixed(2)}, ${JSON.stringify(paths).replaceAll(',', ', ')}, [[${probabilities[0][0].toFixed(2)}]]`
    expect(code).toContain(`// ${printed}`)
  } finally {
    log.mockRestore()
    rmSync(file)
  }
})
