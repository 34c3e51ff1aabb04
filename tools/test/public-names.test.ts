import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { asText, publicNames } from '../layers/public-names.mjs'

const root = fileURLToPath(new URL('../..', import.meta.url))
const written = new URL('../layers/public-names.txt', import.meta.url)

test('what is public is written down: npm run public-names writes it anew', () => {
  expect(asText(publicNames(root))).toBe(readFileSync(written, 'utf8'))
})

test('a name that an index lists is one that can be imported', async () => {
  // Types are gone at run time: what is there is part of what is listed.
  const names = publicNames(root)['@mafjs/fuse']!
  const values = Object.keys((await import('@mafjs/fuse')) as object)
  expect(values.length).toBeGreaterThan(0)
  expect(names).toEqual(expect.arrayContaining(values))
})
