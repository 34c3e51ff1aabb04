import { existsSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Command, Option } from '@commander-js/extra-typings'
import { BACKENDS, describeEngine, ENGINES, type EngineOptions } from '@mafjs/compile/engine'
import { count, runCommand } from './command'
import { type Computer, startComputer } from './engine/computer'
import { checkGolden } from './golden/check-golden'
import { formatReport } from './golden/comparison'
import { defaultGoldenFolder, findGolden, type GoldenTree } from './golden/golden-files'

// npm run golden: parity with the published code, exit 1 at the first word of doubt.
const command = new Command('npm run golden --')
  .argument('[folder...]', 'golden folders (default ../shared/golden)')
  .addOption(new Option('--engine <name>').choices(ENGINES))
  .addOption(new Option('--backend <name>').choices(BACKENDS))
  .option('--threads <n>', 'threads', count)
const root = join(dirname(fileURLToPath(import.meta.url)), '..')
let rows = 0
let failures = 0

/** A failure in one line; what comes after it is still checked. */
function fail(subject: string, error: unknown): void {
  failures += 1
  console.error(`FAIL ${subject}  ${error instanceof Error ? error.message : error}`)
}

/** A folder as the caller names it: npm runs this in the root, whatever folder it was called from. */
function located(directory: string): string {
  const calledFrom = process.env['INIT_CWD']
  return calledFrom && !existsSync(directory) ? resolve(calledFrom, directory) : resolve(directory)
}

function findGoldenOf(directory: string): GoldenTree {
  try {
    const tree = findGolden(located(directory))
    if (tree.folders.length > 0) return tree
    fail(directory, 'no golden folder found (expected.json, crf.json, eval.json or resnet.json).')
    return tree
  } catch (error) {
    fail(directory, error)
    return { folders: [], strays: [] }
  }
}

async function checkDirectory(directory: string, computer: Computer): Promise<void> {
  const { folders, strays } = findGoldenOf(directory)
  for (const folder of folders) {
    try {
      const report = await checkGolden(folder, computer)
      const { text, failed } = formatReport({ ...report, folder: relative(process.cwd(), report.folder) })
      console.log(text)
      rows += report.rows.length
      failures += failed
    } catch (error) {
      fail(`${folder.path} (${folder.kind})`, error)
    }
  }
  for (const path of strays) fail(path, 'nothing here is compared with it')
}

async function checkAll(folders: string[], options: EngineOptions): Promise<void> {
  const { engine, computer } = await startComputer(options)
  const { path, complete } = defaultGoldenFolder(root)
  if (folders.length === 0 && !complete) {
    console.warn(
      'NOTE: ../shared/golden is absent; checking the small fixtures committed here instead (no model128, no resnet).',
    )
  }
  console.log(`Parity of the reference preset with the published code. ${describeEngine(engine)}`)
  for (const directory of folders.length > 0 ? folders : [path]) await checkDirectory(directory, computer)
  console.log(`\n${rows} comparisons, ${failures} out of tolerance or unmatched`)
  if (failures > 0 || rows === 0) process.exitCode = 1
}

await runCommand(command.action(checkAll))
