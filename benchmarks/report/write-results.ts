import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { markdownReport } from './markdown'
import type { BenchResult } from './results'

/** Folders of this machine stand in no report: of a path the last part stays. */
const withoutFolders = (_: string, value: unknown): unknown =>
  typeof value === 'string' && /^\/\S*$/.test(value) ? value.split('/').at(-1) : value

/** Writes `NAME.json` and `NAME.md` into a folder. */
export async function writeResults(folder: string, name: string, result: BenchResult): Promise<string[]> {
  await mkdir(folder, { recursive: true })
  const paths = ['json', 'md'].map(suffix => join(folder, `${name}.${suffix}`))
  await writeFile(paths[0]!, `${JSON.stringify(result, withoutFolders, 2)}\n`)
  await writeFile(paths[1]!, markdownReport(result))
  return paths
}
