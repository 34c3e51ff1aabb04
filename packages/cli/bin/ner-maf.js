#!/usr/bin/env node
// @ts-check
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { constants } from 'node:os'
import { fileURLToPath } from 'node:url'

const built = new URL('../dist/main.js', import.meta.url)
const source = fileURLToPath(new URL('../src/main.ts', import.meta.url))
if (existsSync(built)) {
  await import(built.href)
} else if (existsSync(source)) {
  // A clone that was not built: npm links this file at install, when there is no dist yet.
  const loader = ['--conditions=@mafjs/source', '--import', import.meta.resolve('tsx')]
  const child = spawn(process.execPath, [...loader, source, ...process.argv.slice(2)], { stdio: 'inherit' })
  // Whoever ends this process means the one that does the work.
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
    process.on(signal, () => child.kill(signal))
  }
  child.once('exit', (code, signal) => {
    process.exitCode = code ?? 128 + constants.signals[signal ?? 'SIGTERM']
  })
} else {
  console.error('ner-maf: dist/main.js is missing from this installation. Install @mafjs/cli again.')
  process.exitCode = 1
}
