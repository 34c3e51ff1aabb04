import { randomUUID } from 'node:crypto'
import { mkdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { InvalidArgumentError } from '@mafjs/tensor'
import { readTextIfThere, syncFolder, writeSynced } from '@mafjs/tensor/files'
import { cutFiles } from './cut-files'
import { PLAN_FILE, type Shard } from './shard'

/** What is cut, and how. */
export interface WritePlanOptions {
  data: readonly string[]
  /** The folder for the plan and for what is found in the shards. */
  out: string
  /** Posts of a shard. */
  lines: number
}

/**
 * Cuts files into shards and writes these into the folder: the same files give the same plan, which may be there.
 *
 * @returns the shards
 * @throws InvalidArgumentError where the folder holds another plan: parts of two would tell of posts twice, or not at all.
 */
export async function writePlan({ data, out, lines }: WritePlanOptions): Promise<Shard[]> {
  const shards: Shard[] = []
  for await (const shard of cutFiles(data, lines)) shards.push(shard)
  const text = shards.map(shard => `${JSON.stringify(shard)}\n`).join('')
  const path = join(out, PLAN_FILE)
  const there = await readTextIfThere(path, 'Name another folder.')
  if (there === text) return shards
  if (there !== undefined) {
    throw new InvalidArgumentError({
      argument: 'out',
      rule: 'must be new, or hold the shards of the same files, cut in the same way',
      received: `${path} of other files, or of files that have changed, or of another number of lines`,
      fix: 'Name another folder for other posts, or remove this one with what was found.',
    })
  }
  await mkdir(out, { recursive: true })
  const aside = `${path}.${randomUUID()}`
  try {
    await writeSynced(aside, text)
    await rename(aside, path)
  } finally {
    await rm(aside, { force: true })
  }
  await syncFolder(out)
  return shards
}
