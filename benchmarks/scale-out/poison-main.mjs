// @ts-check
// The built command line, whose processes for lines end at once where a post says so: as one does whose decoder crashes.
await import('../../packages/cli/dist/main.js')
// After it, for who listens first is given what was sent by then, and the others are not.
process.on('message', (/** @type {{ job?: { lines: Uint8Array[] } }} */ { job }) => {
  if (job?.lines.some(line => Buffer.from(line).includes('POISON'))) process.kill(process.pid, 'SIGKILL')
})
