import { join } from 'node:path'
import { readJsonIfThere } from './read-json'
import { assertWritableFolder, type FolderKind, writeFolder } from './write-folder'

/** The file by which a report is known. */
export const REPORT_FILE = 'report.json'

/**
 * Which kind of report a folder's `report.json` is, or undefined where there is none, or one without a kind.
 *
 * @throws InvalidArgumentError for one that cannot be read, or is damaged.
 */
export async function reportKind(
  folder: string,
  fix = 'Choose another folder, or remove this one yourself.',
): Promise<string | undefined> {
  return (await readJsonIfThere<{ kind?: string }>(join(folder, REPORT_FILE), { fix }))?.kind
}

const reportFolder = (kind: string): FolderKind => ({
  name: `a folder with a report.json of the kind "${kind}"`,
  mark: REPORT_FILE,
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
    [REPORT_FILE]: `${JSON.stringify(report, null, 2)}\n`,
    'report.md': `${markdown}\n`,
    ...files,
  }
  await writeFolder(folder, contents, { kind: reportFolder(report.kind), overwrite })
}
