import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Chosen, chooseRows } from './choose-rows'
import type { MeasurementResult } from './extras/measurement'
import { type BenchOptions, readOptions, USAGE } from './options'
import { createChooser } from './race/choose-settings'
import { findOpponents } from './race/find-opponents'
import { createJudge } from './race/judge'
import { prepareInputs } from './race/prepare-inputs'
import { raceOpponent } from './race/race-opponent'
import { findOurs, type Starter } from './race/sides'
import { countFailures } from './report/bars'
import { currentLoad, describeMachine, processorFlags } from './report/machine'
import type { BenchResult } from './report/results'
import { writeResults } from './report/write-results'

// npm run bench: ours against PyTorch, the same work with the same weights. README.md says how.
const results = fileURLToPath(new URL('results', import.meta.url))

/** Above this load another process is at work, and times say little. */
const QUIET = 0.5

async function measureOurs(
  { measurements }: Chosen,
  ours: Starter,
  {
    folder,
    repeats,
    settings,
  }: { folder: string; repeats: number; settings: Record<string, string | number> },
): Promise<MeasurementResult[]> {
  const measured: MeasurementResult[] = []
  for (const { name, title, measure } of measurements) {
    const result: MeasurementResult = { name, title, values: [] }
    try {
      result.values = await measure({ ours, folder, settings, repeats })
    } catch (error) {
      result.reason = String(error instanceof Error ? error.message : error).split('\n')[0]!
    }
    measured.push(result)
    const shown = result.values.map(({ what, value, unit }) => `${what} ${value.toFixed(2)} ${unit}`)
    console.log(`  ${name}: ${result.reason ?? shown.join('; ')}`)
  }
  return measured
}

async function bench(options: BenchOptions, folder: string): Promise<void> {
  const { quick, repeats, engine, name } = options
  const load = currentLoad()
  if (load > QUIET) console.warn(`NOTE: the load is ${load.toFixed(1)}; a busy machine measures nothing.`)
  const chosen = chooseRows(options)
  const ours = await findOurs()
  const size = quick ? 'tiny' : 'full'
  const [posts, vocab] = [resolve(options.posts), resolve(options.vocab)]
  const notes = await prepareInputs(ours, { folder, size, posts, vocab })
  const opponents = await findOpponents(options.torch, join(folder, 'inductor'))
  notes.push(...opponents.notes)
  for (const note of notes) console.warn(note)
  const settings = { engine, threads: 2 }
  const result: BenchResult = {
    date: new Date().toISOString(),
    size,
    machine: describeMachine(),
    load,
    ours: { about: ours.about, settings },
    opponents: [],
    measurements: [],
    sweeps: [],
    notes,
  }
  for (const theirs of chosen.rows.length > 0 ? opponents.found : []) {
    console.log(`against ${theirs.about.name}`)
    const judge = createJudge({ ours, theirs, folder, settings })
    const raced = await raceOpponent({
      rows: chosen.rows,
      ours,
      theirs,
      oursSettings: settings,
      folder,
      repeats,
      choose: createChooser(theirs, { ...options, folder, flags: processorFlags() }),
      judge,
      onSweep: ({ group, row, ...found }) =>
        result.sweeps.push({ torch: theirs.about.name, group, row, result: found }),
    })
    await judge.close()
    result.opponents.push(...raced)
    // After every opponent, so that an hour's work is not lost with the next one.
    await writeResults(results, name, result)
  }
  if (chosen.measurements.length > 0) console.log('ours alone')
  result.measurements = await measureOurs(chosen, ours, { folder, repeats, settings })
  for (const path of await writeResults(results, name, result)) console.log(path)
  const { missed, notRun } = countFailures(result)
  console.log(`${missed} bars missed, ${notRun} not run`)
  // Without an opponent there was no race, and no bar was met.
  if (missed + notRun > 0 || opponents.found.length === 0) process.exitCode = 1
}

async function run(options: BenchOptions): Promise<void> {
  if (options.list) {
    const { rows, measurements } = chooseRows(options)
    for (const { name, title } of [...rows, ...measurements]) console.log(`${name.padEnd(24)} ${title}`)
    return
  }
  const folder = options.work ? resolve(options.work) : await mkdtemp(join(tmpdir(), 'maf-bench-'))
  try {
    await bench(options, folder)
  } finally {
    if (options.work === undefined) await rm(folder, { recursive: true, force: true })
  }
}

try {
  await run(readOptions(process.argv.slice(2)))
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  console.error(`\n${USAGE}`)
  process.exitCode = 2
}
