import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Command, InvalidArgumentError, Option } from '@commander-js/extra-typings'
import { markdownTable } from '@mafjs/evaluate'
import { runCommand, untilInterrupted, withFolder } from './command'
import { type Fault, faults } from './faults/faults'
import { placeOf, plant, runTests, testsOf } from './faults/plant'
import { copyRepository } from './release-rehearsal/release'
import { linkInstalled } from './workspace/link-installed'

// npm run faults: 30 mistakes are made, one after another, in a copy of the working tree; at least one test must fail of each.
const ROOT = fileURLToPath(new URL('..', import.meta.url))

const command = new Command('npm run faults --')
  .addOption(new Option('--only <name,name>', 'some of the faults').argParser(chosen).default(faults, 'all'))
  .option('--list', 'say where they are, and make none')

function chosen(only: string): readonly Fault[] {
  return only.split(',').map(name => {
    const fault = faults.find(fault => fault.name === name)
    if (!fault) throw new InvalidArgumentError(`It must be of ${faults.map(({ name }) => name).join(', ')}.`)
    return fault
  })
}

/** @returns how many faults no test found */
async function plantAll(list: readonly Fault[], copy: string, signal: AbortSignal): Promise<number> {
  const options = { cwd: ROOT, env: process.env, signal }
  await copyRepository(ROOT, copy, options)
  linkInstalled(ROOT, copy)
  const tests = [...new Set(list.flatMap(fault => testsOf(copy, fault)))]
  const sound = await runTests(copy, tests, { signal })
  if (sound.failed.length > 0) {
    throw new Error(`Tests must pass before a fault is planted; failed: ${sound.failed.join('; ')}`)
  }
  console.log(`${sound.passed} tests in ${tests.length} files pass without a fault.\n`)
  const rows: string[][] = []
  let survived = 0
  for (const fault of list) {
    const place = placeOf(copy, fault).slice(join(copy, 'packages/').length)
    const restore = plant(copy, fault)
    const { failed } = await runTests(copy, testsOf(copy, fault), { signal }).finally(restore)
    const [by] = failed
    if (by === undefined) survived += 1
    console.log(`${fault.name}: ${by === undefined ? 'NOT FOUND' : 'found'}`)
    rows.push([fault.name, place.split(/[\\/]/)[0]!, by === undefined ? 'NOT FOUND' : 'found', by ?? ''])
  }
  console.log(`\n${markdownTable(['fault', 'package', '', 'by'], rows, [0, 1, 2, 3])}\n`)
  console.log(`faults: ${list.length - survived} of ${list.length} found`)
  return survived
}

await runCommand(
  command.action(async ({ only, list }) => {
    const places = only.map(fault => placeOf(ROOT, fault))
    for (const fault of only) testsOf(ROOT, fault)
    if (list)
      for (const [i, { name }] of only.entries()) console.log(`${name}: ${places[i]!.slice(ROOT.length)}`)
    else {
      const signal = untilInterrupted()
      const survived = await withFolder('faults', work => plantAll(only, join(work, 'copy'), signal))
      if (survived > 0) process.exitCode = 1
    }
  }),
)
