// @ts-check
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { asText, publicNames } from './layers/public-names.mjs'

// npm run public-names: writes down what every package makes public. A test compares, so that no name comes or goes unnoticed.
const root = fileURLToPath(new URL('..', import.meta.url))
const names = publicNames(root)
writeFileSync(new URL('layers/public-names.txt', import.meta.url), asText(names))
for (const [entry, list] of Object.entries(names)) console.log(`${String(list.length).padStart(4)}  ${entry}`)
