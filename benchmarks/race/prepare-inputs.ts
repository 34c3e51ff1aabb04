import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { PREPARED } from '../prepare/prepared'
import type { PrepareRequest } from '../protocol'
import type { Starter } from './sides'

/**
 * Has weights and inputs written by a process of their own, unless they are there already.
 *
 * @returns what was left out, in words.
 */
export async function prepareInputs(ours: Starter, request: PrepareRequest): Promise<string[]> {
  const marker = join(request.folder, PREPARED)
  if (existsSync(marker)) {
    const prepared = JSON.parse(await readFile(marker, 'utf8')) as { size: string; notes: string[] }
    if (prepared.size === request.size) return prepared.notes
  }
  const side = ours.start({})
  try {
    return (await side.ask('prepare', request)).notes
  } finally {
    await side.close()
  }
}
