import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { replaceVersions } from './release-rehearsal/package-table'
import { readPackages } from './workspace/packages.mjs'

// Part of `npm run version-packages`: the table of docs/packages.md states the versions that are about to be published.
const root = fileURLToPath(new URL('..', import.meta.url))
const page = `${root}docs/packages.md`
const versions = Object.fromEntries(readPackages(root).map(({ name, manifest }) => [name, manifest.version]))
writeFileSync(page, replaceVersions(readFileSync(page, 'utf8'), versions))
