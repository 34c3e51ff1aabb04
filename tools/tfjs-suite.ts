import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Command, Option } from '@commander-js/extra-typings'
import { runCommand } from './command'
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
const command = new Command('npm run tfjs-suite --')
  .addOption(new Option('--backend <name>').choices(BACKENDS).default<SuiteBackend>('onnx'))
  .option('--kernel <name>', 'one kernel instead of the list')
  .option('--filter <text>', 'the specs whose names contain it', '')
  .option('--all', 'all kernels that any spec ran, and the failures among what is not counted', false)
  .option('--verbose', 'every failure with its whole messages', false)
const folder = join(root, 'tools/tfjs-suite')
const readJson = <T>(file: string): T => JSON.parse(readFileSync(join(folder, file), 'utf8')) as T

async function run({ backend, filter, ...shown }: ReturnType<typeof command.opts>): Promise<void> {
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
  if (problems.length + found > 0) process.exitCode = 1
}

await runCommand(command.action(run))
