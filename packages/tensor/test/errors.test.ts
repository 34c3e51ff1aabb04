import { InvalidArgumentError } from '@mafjs/tensor'
import { expect, it } from 'vitest'

const messageOf = (received: unknown): string =>
  new InvalidArgumentError({ argument: 'rate', rule: 'must be in [0, 1]', received, fix: 'Lower it.' })
    .message

const itself: Record<string, unknown> = {}
itself['itself'] = itself

it.each<[unknown, string]>([
  ['a text', 'a text'],
  [Number.NaN, 'NaN'],
  [Number.NEGATIVE_INFINITY, '-Infinity'],
  [undefined, 'undefined'],
  [null, 'null'],
  [2n ** 70n, '1180591620717411303424'],
  [[1, 'b'], '[1,"b"]'],
  [itself, 'an object that is not plain JSON'],
  [{ count: 1n }, 'an object that is not plain JSON'],
])('shows what was received: %s', (received, shown) => {
  expect(messageOf(received)).toBe(`rate must be in [0, 1]. Received: ${shown}. Lower it.`)
})

it('cuts what would fill the screen, and a text later than a list', () => {
  expect(messageOf(new Array(9000).fill(0)).length).toBeLessThan(1100)
  expect(messageOf('x'.repeat(7900))).toContain(`${'x'.repeat(7900)}. Lower it.`)
  expect(messageOf('x'.repeat(1e6))).toMatch(/x \.\.\. \(992034 characters more\)\. Lower it\.$/)
})
