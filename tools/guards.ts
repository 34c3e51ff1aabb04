import { cp, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Command } from '@commander-js/extra-typings'
import { runCommand, withFolder } from './command'
import { differing, digestsOf } from './guards/digests'
import { FROM_SOURCE, runShown } from './processes'
import { withWorktree } from './worktree'

// npm run guards: do five tiny runs still write what they wrote? On tfjs's cpu, whose bytes are the same on every processor, the
// digests are committed; on ONNX Runtime the runs of another commit are made beside them and every file is compared.
const command = new Command('npm run guards --')
  .option('--write', "write the digests of the runs on tfjs's cpu anew, where they were meant to change")
  .option('--against <commit>', 'train on ONNX Runtime here and in a worktree of it, and compare every file')

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const DIGESTS = new URL('guards/digests.json', import.meta.url)

/** Trains the runs with a repository's own code, and gives what they wrote. */
async function written(
  root: string,
  folder: string,
  engine: 'tfjs' | 'onnx',
): Promise<Record<string, string>> {
  const script = join('tools', 'guards', 'write.ts')
  await runShown(process.execPath, [...FROM_SOURCE, script, folder, engine], { cwd: root })
  const entries = await readdir(folder, { withFileTypes: true })
  const folders = entries.filter(entry => entry.isDirectory()).map(({ name }) => name)
  const isRun = await Promise.all(
    folders.map(async name => (await readdir(join(folder, name))).includes('run.json')),
  )
  return digestsOf(
    folder,
    folders.filter((_, i) => isRun[i]),
  )
}

function report(paths: readonly string[], count: number, fix: string): void {
  if (paths.length === 0) {
    console.log(`guards: ${count} files of five runs are what they were`)
    return
  }
  for (const path of paths) console.error(`${path} differs`)
  console.error(`guards: ${paths.length} of ${count} files differ. ${fix}`)
  process.exitCode = 1
}

async function compareWithCommit(commit: string, work: string): Promise<void> {
  await withWorktree({ root: ROOT, commit, folder: work }, async other => {
    // The runs of a commit that had them are its own; an older one is given these, which use public names alone.
    await cp(join(ROOT, 'tools', 'guards'), join(other, 'tools', 'guards'), { recursive: true, force: false })
    const before = await written(other, join(work, 'before'), 'onnx')
    const now = await written(ROOT, join(work, 'now'), 'onnx')
    const count = Object.keys(before).length
    report(
      differing(before, now),
      count,
      `They were written by ${commit} and by this tree on the engine onnx.`,
    )
  })
}

async function compareWithDigests(write: boolean | undefined, work: string): Promise<void> {
  const now = await written(ROOT, join(work, 'now'), 'tfjs')
  if (write) await writeFile(DIGESTS, `${JSON.stringify(now, null, 2)}\n`)
  const before = JSON.parse(await readFile(DIGESTS, 'utf8')) as Record<string, string>
  const fix = 'Where they were meant to change: npm run guards -- --write, and say so in the commit.'
  report(differing(before, now), Object.keys(before).length, fix)
}

await runCommand(
  command.action(async ({ write, against }) =>
    withFolder('guards', work =>
      against === undefined ? compareWithDigests(write, work) : compareWithCommit(against, work),
    ),
  ),
)
