import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { ridgeRegression } from '../studies/ridge'

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

test('ridge regression solves (X^T X + penalty I) W = X^T Y, whatever the penalty it is asked for', () => {
  const [text, image] = [[[1, 2], [0, 1], [3, -1]], [[1], [2], [-1]]] // biome-ignore format: matrices
  const pairs = text.map((row, i) => ({ text: Float32Array.from(row), image: Float32Array.from(image[i]!) }))
  const ridge = ridgeRegression(pairs)
  for (const penalty of [1, 4]) {
    // X^T X = [[10, -1], [-1, 6]] and X^T Y = [-2, 5], by hand; the inverse of a matrix of two rows.
    const [a, b, d] = [10 + penalty, -1, 6 + penalty]
    const determinant = a * d - b * b
    const weights = [(d * -2 - b * 5) / determinant, (-b * -2 + a * 5) / determinant]
    const said = ridge(penalty)(pairs).map(({ text: [value] }) => value!)
    for (const [i, [x, y]] of text.entries())
      expect(said[i]).toBeCloseTo(x! * weights[0]! + y! * weights[1]!, 6)
  }
})
