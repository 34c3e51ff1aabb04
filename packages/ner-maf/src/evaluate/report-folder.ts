import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { assertWritableFolder, type FolderKind, writeFolder } from '../folders/write-folder'

/** Which kind of report a folder's `report.json` is, or undefined where there is none. */
export async function reportKind(folder: string): Promise<string | undefined> {
  try {
    return (JSON.parse(await readFile(join(folder, 'report.json'), 'utf8')) as { kind?: string }).kind
  } catch {
    return undefined
  }
}

const reportFolder = (kind: string): FolderKind => ({
  name: `a folder with a report.json of the kind "${kind}"`,
  mark: 'report.json',
  isOne: async folder => (await reportKind(folder)) === kind,
})

/**
 * Refuses a folder as `assertWritableFolder` does; with `overwrite`, one that holds no report of this kind.
 *
 * @throws InvalidArgumentError naming the folder and the way out.
 */
export async function assertWritableReport(
  folder: string,
  { kind, overwrite }: { kind: string; overwrite?: boolean },
): Promise<void> {
  await assertWritableFolder(folder, { kind: reportFolder(kind), overwrite })
}

/**
 * Writes a folder with `report.json`, `report.md` and other files, all of them or none.
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
  { overwrite }: { overwrite?: boolean } = {},
): Promise<void> {
  const contents = {
    'report.json': `${JSON.stringify(report, null, 2)}\n`,
    'report.md': `${markdown}\n`,
    ...files,
  }
  await writeFolder(folder, contents, { kind: reportFolder(report.kind), overwrite })
}
