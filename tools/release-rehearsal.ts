import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Command } from '@commander-js/extra-typings'
import { runCommand, untilInterrupted, withFolder } from './command'
import { formatTable, replaceTable } from './release-rehearsal/package-table'
import { rehearse } from './release-rehearsal/rehearse'

// npm run release:rehearsal: releases a copy of the working tree on a registry of this machine, uses what was published as a
// stranger would, and prints the packages' table.
const command = new Command('npm run release:rehearsal --')
  .option('--write', 'put the table into docs/packages.md')
  .option('--keep', 'leave the temporary folder and say where it is')
const root = fileURLToPath(new URL('..', import.meta.url))

await runCommand(
  command.action(async ({ write, keep }) => {
    const signal = untilInterrupted()
    const use = async (folder: string): Promise<void> => {
      const report = (line: string): void => console.log(line)
      const table = formatTable(await rehearse({ root, folder, signal, report }))
      console.log(`\n${table}`)
      if (!write) return
      const page = join(root, 'docs', 'packages.md')
      await writeFile(page, replaceTable(await readFile(page, 'utf8'), table))
    }
    await withFolder('rehearsal', use, { keep })
  }),
)
