import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { markdownTable } from '@mafjs/evaluate'
import { type Fault, faults } from './faults/faults'
import { placeOf, plant, runTests, testsOf } from './faults/plant'
import { copyRepository } from './release-rehearsal/release'
import { linkInstalled } from './workspace/link-installed'

// npm run faults: 30 mistakes are made, one after another, in a copy of the working tree; at least one test must fail of each.
const USAGE = `npm run faults -- [options]
  --only NAME,NAME   some of the faults
  --list             say where they are, and make none`

const ROOT = fileURLToPath(new URL('..', import.meta.url))

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    list: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})

function chosen(only: string | undefined): readonly Fault[] {
  if (only === undefined) return faults
  return only.split(',').map(name => {
    const fault = faults.find(fault => fault.name === name)
    if (!fault)
      throw new Error(`There is no fault ${name}; there are ${faults.map(({ name }) => name).join(', ')}.`)
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

const interruption = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => interruption.abort())
const work = await mkdtemp(join(tmpdir(), 'maf-faults-'))
try {
  const list = values.help ? [] : chosen(values.only)
  const places = list.map(fault => placeOf(ROOT, fault))
  for (const fault of list) testsOf(ROOT, fault)
  if (values.help) console.log(USAGE)
  else if (values.list) {
    for (const [i, { name }] of list.entries()) console.log(`${name}: ${places[i]!.slice(ROOT.length)}`)
  } else if ((await plantAll(list, join(work, 'copy'), interruption.signal)) > 0) process.exitCode = 1
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
} finally {
  await rm(work, { recursive: true, force: true })
}
