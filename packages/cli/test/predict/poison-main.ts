// The command line, whose processes for lines end at once where a post says so: as one does whose decoder crashes.
process.on('message', (message: { job?: { lines: Uint8Array[] } }) => {
  if (message.job?.lines.some(line => Buffer.from(line).includes('POISON')))
    process.kill(process.pid, 'SIGKILL')
})
await import('../../src/main')

export {}
