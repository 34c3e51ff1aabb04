#!/usr/bin/env node

// A reader that has seen enough (`| head`) is no error. Without a reader of stderr the work still goes on.
process.stdout.on('error', error => {
  if ((error as NodeJS.ErrnoException).code === 'EPIPE') process.exit()
  console.error(`stdout could not be written: ${error.message}. What is there may end within a line.`)
  process.exit(1)
})
process.stderr.on('error', () => {})
// stdout is for results; a library's remarks on its work belong to stderr.
console.debug = console.error
console.info = console.error
// On most systems libvips starts a thread for each processor for every picture; several pictures at once make better use of
// them. It reads this when it is loaded.
process.env['VIPS_CONCURRENCY'] ??= '1'

const { run } = await import('./run')
process.exitCode = await run(process.argv.slice(2))

export {}
