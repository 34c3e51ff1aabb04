import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { constants, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { formatTable, replaceTable } from './release-rehearsal/package-table'
import { rehearse } from './release-rehearsal/rehearse'

// npm run release:rehearsal -- [--write] [--keep]: releases a copy of the working tree on a registry of this machine, uses
// what was published as a stranger would, and prints the packages' table. --write puts the table into README.md; --keep
// leaves the temporary folder and says where it is.
const { values } = parseArgs({
  options: { write: { type: 'boolean', default: false }, keep: { type: 'boolean', default: false } },
})
const root = fileURLToPath(new URL('..', import.meta.url))
const interruption = new AbortController()
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(name, () => {
    process.exitCode = 128 + constants.signals[name]
    interruption.abort(new Error(`interrupted by ${name}`))
  })
}
const folder = await mkdtemp(join(tmpdir(), 'maf-rehearsal-'))
try {
  const report = (line: string): void => console.log(line)
  const rows = await rehearse({ root, folder, signal: interruption.signal, report })
  const table = formatTable(rows)
  console.log(`\n${table}`)
  if (values.write) {
    const readme = join(root, 'README.md')
    await writeFile(readme, replaceTable(await readFile(readme, 'utf8'), table))
  }
} catch (error) {
  process.exitCode ||= 1
  console.error(`release:rehearsal: ${(error as Error).message}`)
} finally {
  if (values.keep) console.log(`kept: ${folder}`)
  else await rm(folder, { recursive: true, force: true })
}
