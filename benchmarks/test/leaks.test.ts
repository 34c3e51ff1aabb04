import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
/** Of every part that a predictor may consist of, at least one. */
const KINDS = ['checkpoint', 'checkpoint, wasm', 'export, worker', 'two pictures, frozen encoder, worker']

test('150 calls leave nothing behind, whatever predicts', { timeout: 180_000 }, async () => {
  const only = KINDS.flatMap(kind => ['--only', kind])
  const { scripts } = (await import('../../package.json')).default
  const [node, ...program] = scripts['bench:leaks'].split(' ')
  expect(node).toBe('node')
  program.splice(
    program.indexOf('tsx'),
    1,
    new URL('../../tools/workspace/from-source.mjs', import.meta.url).href,
  )
  // Ends with 1, which rejects, where a call leaves more than the bar.
  const { stdout } = await promisify(execFile)(process.execPath, [...program, '--calls', '150', ...only], {
    cwd: ROOT,
  })
  for (const kind of KINDS) expect(stdout).toContain(`${kind} `)
  expect(stdout).not.toContain('above')
})
