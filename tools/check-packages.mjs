// @ts-check
// node tools/check-packages.mjs [root]: packs every built package and checks the tarball as a user gets it.
import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'
import { pack } from './packages/pack.mjs'
import { bundleProblems, contentProblems } from './packages/tarball-problems.mjs'
import { readPackages } from './workspace/packages.mjs'

const run = promisify(execFile)
const attw = fileURLToPath(new URL('../node_modules/.bin/attw', import.meta.url))

/** @param {string} tarball @returns {Promise<string[]>} */
async function publintProblems(tarball) {
  const bytes = new Uint8Array(readFileSync(tarball))
  const { messages, pkg } = await publint({ strict: true, pack: { tarball: bytes.buffer } })
  return messages.map(message => `publint: ${formatMessage(message, pkg)}`)
}

/** @param {string} tarball @returns {Promise<string[]>} */
async function attwProblems(tarball) {
  const options = '--profile esm-only --no-definitely-typed --no-emoji --no-color --format ascii'.split(' ')
  try {
    await run(attw, [tarball, ...options])
    return []
  } catch (error) {
    const { stdout, message } = /** @type {Error & { stdout?: string }} */ (error)
    return [`attw: ${stdout || message}`]
  }
}

const root = resolve(process.argv[2] ?? fileURLToPath(new URL('..', import.meta.url)))
const folder = mkdtempSync(join(tmpdir(), 'maf-packages-'))
let failed = 0
try {
  for (const one of readPackages(root)) {
    /** @type {string[]} */
    let problems = []
    let size = ''
    try {
      const packed = pack(one, folder)
      size = `, ${(packed.size / 1024).toFixed(1)} kB`
      problems = [
        ...contentProblems(one, packed.files),
        ...bundleProblems(one, packed.files),
        ...(await publintProblems(packed.tarball)),
        ...(await attwProblems(packed.tarball)),
      ]
    } catch (error) {
      problems = [error instanceof Error ? error.message : String(error)]
    }
    console.log(`${one.name} ${one.manifest.version}${size}: ${problems.length === 0 ? 'ok' : 'FAILED'}`)
    for (const problem of problems) console.log(`    ${problem.trim().replaceAll('\n', '\n    ')}`)
    if (problems.length > 0) failed++
  }
} finally {
  rmSync(folder, { recursive: true })
}
process.exitCode = failed > 0 ? 1 : 0
