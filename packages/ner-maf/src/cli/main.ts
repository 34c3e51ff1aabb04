#!/usr/bin/env node
import { run } from './run'

// A reader that has seen enough (`| head`) is no error. Without a reader of stderr the work still goes on.
process.stdout.on('error', error => {
  if ((error as NodeJS.ErrnoException).code !== 'EPIPE') throw error
  process.exit()
})
process.stderr.on('error', () => {})
// stdout is for results; a library's remarks on its work belong to stderr.
console.debug = console.error
console.info = console.error

process.exitCode = await run(process.argv.slice(2))
