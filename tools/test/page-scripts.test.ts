import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { CARRIED_FILE, carriedFile } from '../page-scripts/bundle-client'

test('what pages carry was made of the source as it is: else run npm run page-scripts', async () => {
  expect(readFileSync(CARRIED_FILE, 'utf8') === (await carriedFile())).toBe(true)
})
