import { writeFileSync } from 'node:fs'
import { CARRIED_FILES, carriedText, inRepository } from './page-scripts/bundle-client'

// npm run page-scripts: puts what pages carry into one piece each and writes it into the packages that make the pages.
for (const carried of CARRIED_FILES) {
  const text = await carriedText(carried)
  writeFileSync(inRepository(carried.file), text)
  console.log(`${carried.file}: ${text.length} signs`)
}
