import { access, mkdir, open, readFile, rename, rm } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { InvalidArgumentError } from '@mafjs/tensor'

/** Whether something exists at a path. */
const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  )

/**
 * Refuses a folder that is there already, before any work is done for it; with `overwrite`, a folder that is not one
 * of ours, so that a mistyped path deletes nothing.
 *
 * @throws InvalidArgumentError naming the folder and the way out.
 */
export async function assertWritableFolder(folder: string, { overwrite = false } = {}): Promise<void> {
  if (!(await exists(folder))) return
  if (!overwrite) {
    throw new InvalidArgumentError({
      argument: '--out',
      rule: 'must not exist yet',
      received: folder,
      fix: 'Choose another folder, or replace this one with --overwrite.',
    })
  }
  const config = await readFile(join(folder, 'config.json'), 'utf8').catch(() => '')
  if (!config.includes('"maf"')) {
    throw new InvalidArgumentError({
      argument: '--overwrite',
      rule: 'replaces only a MAF checkpoint folder',
      received: `${folder}, which holds no config.json of one`,
      fix: 'Choose another folder, or remove this one yourself.',
    })
  }
}

async function writeSynced(path: string, content: Uint8Array | string): Promise<void> {
  const file = await open(path, 'w')
  try {
    await file.writeFile(content)
    await file.sync()
  } finally {
    await file.close()
  }
}

/**
 * Writes a folder of files aside, syncs them, and renames the folder into place: a reader sees the whole of it or
 * nothing of it, whatever happens in between.
 */
export async function writeFolder(
  folder: string,
  files: Record<string, Uint8Array | string>,
  { overwrite = false } = {},
): Promise<void> {
  await assertWritableFolder(folder, { overwrite })
  const target = resolve(folder)
  const aside = join(dirname(target), `.${basename(target)}.${process.pid}.partial`)
  const replaced = join(dirname(target), `.${basename(target)}.${process.pid}.replaced`)
  await rm(aside, { recursive: true, force: true })
  await mkdir(aside, { recursive: true })
  try {
    for (const [name, content] of Object.entries(files)) await writeSynced(join(aside, name), content)
    if (await exists(target)) await rename(target, replaced)
    await rename(aside, target)
  } catch (error) {
    await rm(aside, { recursive: true, force: true })
    throw error
  }
  await rm(replaced, { recursive: true, force: true })
}
