// npm run docs:blocks -- [FILE...]: runs every code block of the guide, the pages of modules and the READMEs.
import { fileURLToPath } from 'node:url'
import { Argument, Command } from '@commander-js/extra-typings'
import { runCommand, withFolder } from './command'
import { documentsOf } from './documents/documents'
import { type DocumentRun, runDocument } from './documents/run-document'
import { makeWorld } from './documents/world'

const root = fileURLToPath(new URL('..', import.meta.url))
const documents = documentsOf(root)
const command = new Command('npm run docs:blocks --').addArgument(
  new Argument('[file...]').choices(documents).default(documents, 'all'),
)

async function runAll(world: string, asked: readonly string[]): Promise<void> {
  const total: DocumentRun['counts'] = {}
  const failures: string[] = []
  await makeWorld(world, root)
  for (const document of asked) {
    const started = performance.now()
    const run = await runDocument(document, { root, world })
    for (const [kind, count] of Object.entries(run.counts) as [keyof typeof total, number][])
      total[kind] = (total[kind] ?? 0) + count
    failures.push(...run.failures)
    const seconds = ((performance.now() - started) / 1000).toFixed(0)
    const state = run.failures.length ? `${run.failures.length} failed` : 'passed'
    console.log(`${document}: ${state} (${seconds} s)`)
    for (const failure of run.failures) console.log(`  ${failure.replaceAll('\n', '\n  ')}`)
  }
  console.log(
    Object.entries(total)
      .map(([kind, count]) => `${kind}: ${count}`)
      .join(', '),
  )
  console.log(`${failures.length} failed`)
  if (failures.length > 0) process.exitCode = 1
}

await runCommand(command.action(files => withFolder('world', world => runAll(world, files))))
