import { fileURLToPath } from 'node:url'
import { Command } from '@commander-js/extra-typings'
import { runCommand, untilInterrupted } from '../command'
import type { Writing } from './write-or-undo'

/** A script that makes something of a name: prints the paths that came of it, then what to do with them. */
export const makeCommand = (
  script: string,
  make: (what: Pick<Writing, 'root' | 'signal'> & { name: string }) => Promise<string[]>,
  next: (name: string) => string,
): Promise<void> =>
  runCommand(
    new Command(`npm run ${script}`).argument('<name>', 'in kebab-case').action(async name => {
      const root = fileURLToPath(new URL('../..', import.meta.url))
      const paths = await make({ root, name, signal: untilInterrupted() })
      console.log(`${paths.join('\n')}\n\n${next(name)}`)
    }),
  )
