import { spawn } from 'node:child_process'
import { join } from 'node:path'

/** Runs the command line from source, its output shown as it comes; resolves to its exit code. */
export function nerMaf(root: string, args: readonly string[]): Promise<number | null> {
  const main = join(root, 'packages/ner-maf/src/cli/main.ts')
  const child = spawn(process.execPath, ['--conditions=@mafjs/source', '--import', 'tsx', main, ...args], {
    cwd: root,
    stdio: 'inherit',
  })
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', resolve)
  })
}
