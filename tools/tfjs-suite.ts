import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { findSpecFiles, kernelsAbout } from './tfjs-suite/about'
import { root } from './tfjs-suite/bundle'
import { BACKENDS, type SuiteBackend } from './tfjs-suite/inside/environments'
import { judge } from './tfjs-suite/judge'
import { printReport } from './tfjs-suite/print-report'
import { runSuite } from './tfjs-suite/run-suite'

// npm run tfjs-suite: runs the specs of tfjs-core's ops, unchanged, on a backend, and prints how many of every kernel's
// specs pass; exit 1 when a spec of a listed kernel fails without a reason, when a reason has outlived its failure, or
// when fewer than 95 % pass. What counts, and for which kernel, is said at `judge`. kernels.json, the list, is written
// by collect-kernels.ts; exceptions.json holds the reasons.
const USAGE = `npm run tfjs-suite -- [--backend ${BACKENDS.join('|')}] [--kernel NAME] [--filter TEXT] [--all] [--verbose]`
const folder = join(root, 'tools/tfjs-suite')
const readJson = <T>(file: string): T => JSON.parse(readFileSync(join(folder, file), 'utf8')) as T

function options() {
  const { values } = parseArgs({
    options: {
      backend: { type: 'string', default: 'onnx' },
      kernel: { type: 'string' },
      filter: { type: 'string', default: '' },
      all: { type: 'boolean', default: false },
      verbose: { type: 'boolean', default: false },
    },
  })
  if (!BACKENDS.includes(values.backend as SuiteBackend)) {
    throw new Error(`--backend must be one of ${BACKENDS.join(', ')}. Received: ${values.backend}.`)
  }
  return { ...values, backend: values.backend as SuiteBackend }
}

async function run(): Promise<number> {
  const { backend, filter, ...shown } = options()
  const files = findSpecFiles()
  const started = performance.now()
  const { records, problems } = await runSuite({ backend, files, filter })
  for (const problem of problems) console.error(`FAIL ${problem}`)
  if (records.length === 0) throw new Error(`No spec ran: --filter was "${filter}".`)
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  const below = files.filter(file => file.includes('/')).length
  console.log(
    `${records.length} specs of tfjs-core on ${backend}, ${files.length - below} op files and ${below} in folders below, ${seconds} s\n`,
  )
  const about = new Map(files.map(file => [file, kernelsAbout(file)]))
  const found = printReport({
    ...shown,
    judged: records.map(record => judge(record, about.get(record.file)!)),
    listed: Object.keys(readJson<Record<string, string[]>>('kernels.json')),
    // The reasons are those of the onnx backend; tfjs's own backends run for comparison.
    exceptions: backend === 'onnx' ? readJson<Record<string, string>>('exceptions.json') : {},
    filtered: filter !== '',
  })
  console.log(`${problems.length + found} problems`)
  return problems.length + found > 0 ? 1 : 0
}

process.exitCode = await run().catch((error: unknown) => {
  console.error(`FAIL ${error instanceof Error ? error.message : error}\n${USAGE}`)
  return 1
})
