#!/usr/bin/env node
// @ts-check
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const built = new URL('../dist/cli.js', import.meta.url)
const source = fileURLToPath(new URL('../src/cli/main.ts', import.meta.url))
if (existsSync(built)) {
  await import(built.href)
} else if (existsSync(source)) {
  // A clone that was not built: npm links this file at install, when there is no dist yet.
  const loader = ['--conditions=@mafjs/source', '--import', import.meta.resolve('tsx')]
  const { status } = spawnSync(process.execPath, [...loader, source, ...process.argv.slice(2)], {
    stdio: 'inherit',
  })
  process.exitCode = status ?? 1
} else {
  console.error('ner-maf: dist/cli.js is missing from this installation. Install @mafjs/ner-maf again.')
  process.exitCode = 1
}
