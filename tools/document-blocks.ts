// npm run docs:blocks -- [FILE...]: runs every code block of the guide, the pages of modules and the READMEs.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { documentsOf } from './documents/documents'
import { type DocumentRun, runDocument } from './documents/run-document'
import { makeWorld } from './documents/world'

const root = fileURLToPath(new URL('..', import.meta.url))
const documents = documentsOf(root)
const asked = process.argv.slice(2)
const unknown = asked.filter(file => !documents.includes(file))
if (unknown.length) {
  console.error(`${unknown.join(', ')}: no document with blocks to run. There are: ${documents.join(', ')}`)
  process.exit(2)
}

const world = await mkdtemp(join(tmpdir(), 'maf-world-'))
const total: DocumentRun['counts'] = {}
const failures: string[] = []
try {
  await makeWorld(world, root)
  for (const document of asked.length ? asked : documents) {
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
} finally {
  await rm(world, { recursive: true, force: true })
}
console.log(
  Object.entries(total)
    .map(([kind, count]) => `${kind}: ${count}`)
    .join(', '),
)
console.log(`${failures.length} failed`)
process.exitCode = failures.length ? 1 : 0
