import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { CARRIED_FILES, carriedText, inRepository } from '../page-scripts/bundle-client'

test.each(CARRIED_FILES)(
  '$file was made of the source as it is: else run npm run page-scripts',
  async carried => {
    expect(readFileSync(inRepository(carried.file), 'utf8') === (await carriedText(carried))).toBe(true)
  },
)
