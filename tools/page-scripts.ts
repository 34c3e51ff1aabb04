import { writeFileSync } from 'node:fs'
import { CARRIED_FILE, carriedFile } from './page-scripts/bundle-client'

// npm run page-scripts: puts what pages carry into one piece each and writes it into the package that makes the pages.
const text = await carriedFile()
writeFileSync(CARRIED_FILE, text)
console.log(`${CARRIED_FILE}: ${text.length} signs`)
