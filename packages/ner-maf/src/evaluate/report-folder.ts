import { mkdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { InvalidArgumentError } from '@mafjs/tensor'
import { exists, folderPath, recoverFolder, swapFolder, swapPlaces } from '../checkpoint/swap-folder'
import { assertWritableFolder, writeSynced } from '../checkpoint/write-folder'

/** Which kind of report a folder's `report.json` is, or undefined where there is none. */
export async function reportKind(folder: string): Promise<string | undefined> {
  try {
    return (JSON.parse(await readFile(join(folder, 'report.json'), 'utf8')) as { kind?: string }).kind
  } catch {
    return undefined
  }
}

/**
 * Refuses a folder that is there already, before any work is done for it; with `overwrite`, one that holds no report of
 * this kind, so that a mistyped path deletes nothing.
 *
 * @throws InvalidArgumentError naming the folder and the way out.
 */
export async function assertWritableReport(
  folder: string,
  { kind, overwrite = false }: { kind: string; overwrite?: boolean },
): Promise<void> {
  const target = await folderPath(folder)
  if (!overwrite || !(await exists(target))) return assertWritableFolder(folder)
  await recoverFolder(target)
  if ((await reportKind(target)) === kind) return
  throw new InvalidArgumentError({
    argument: '--overwrite',
    rule: `replaces only a folder with a report.json of the kind "${kind}"`,
    received: folder,
    fix: 'Choose another folder, or remove this one yourself.',
  })
}

/**
 * Writes a folder with `report.json`, `report.md` and other files aside and renames it into place: a reader sees all of it
 * or what was there before.
 *
 * @throws InvalidArgumentError as `assertWritableReport` does.
 */
export async function writeReport(
  folder: string,
  {
    report,
    markdown,
    files = {},
  }: { report: { kind: string }; markdown: string; files?: Record<string, string> },
  { overwrite = false } = {},
): Promise<void> {
  await assertWritableReport(folder, { kind: report.kind, overwrite })
  const target = await folderPath(folder)
  const { partial } = swapPlaces(target)
  const contents = {
    'report.json': `${JSON.stringify(report, null, 2)}\n`,
    'report.md': `${markdown}\n`,
    ...files,
  }
  try {
    await mkdir(partial, { recursive: true })
    for (const [name, content] of Object.entries(contents)) await writeSynced(join(partial, name), content)
    await swapFolder(target)
  } catch (error) {
    await rm(partial, { recursive: true, force: true })
    throw error
  }
}
