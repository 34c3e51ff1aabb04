import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const folder = mkdtempSync(join(tmpdir(), 'maf-cache-'))

/** Gives a run of the tests a folder for caches of its own, so that none reads or fills the user's. */
export function setup(): void {
  process.env['XDG_CACHE_HOME'] = folder
}

/** Removes it. */
export function teardown(): void {
  rmSync(folder, { recursive: true, force: true })
}
