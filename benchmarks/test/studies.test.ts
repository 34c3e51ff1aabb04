import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))
const study = (...args: string[]) =>
  promisify(execFile)('npm', ['run', '--silent', 'study', ...args], { cwd: root })

test('a study prints the example beside its baselines, by one command', async () => {
  const { stdout } = await study('retrieval', '--', '--epochs', '1', '--seeds', '1')
  const auc = (name: string): number =>
    Number(new RegExp(`^\\| ${name} .*\\| +([\\d.]+) \\|$`, 'm').exec(stdout)?.[1])
  expect(auc('chance')).toBe(50)
  expect(Math.abs(auc('untrained heads') - 50)).toBeLessThan(10)
  for (const learned of ['ridge regression', '@mafjs/align']) expect(auc(learned)).toBeGreaterThan(60)
}, 120_000)

test('a study that there is not is refused with those that there are', async () => {
  await expect(study('cleaning')).rejects.toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/retrieval or clean-pairs/),
  })
})
