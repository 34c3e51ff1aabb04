import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Command, Option } from '@commander-js/extra-typings'
import { count, runCommand, withFolder } from '../tools/command'
import { currentLoad, describeMachine, processorFlags } from './machine'
import { type MeasurementOptions, type MeasurementResult, measurements } from './measurements'
import { SIZES } from './prepare/sizes'
import { createChooser } from './race/choose-settings'
import { createJudge } from './race/judge'
import { raceOpponent } from './race/race-opponent'
import { type Row, raceRows } from './race/rows'
import { findOpponents, findOurs, firstLine, prepareInputs } from './race/sides'
import { type BenchResult, countFailures, writeResults } from './report'

// npm run bench: ours against PyTorch, the same work with the same weights. README.md says how.
const results = fileURLToPath(new URL('results', import.meta.url))

/** Above this load another process is at work, and times say little. */
const QUIET = 0.5

/** The rows and measurements of some names; of none, all but the extra rows. */
function chosenBy({ only, quick }: { only: string[]; quick: boolean }) {
  const all = raceRows(SIZES[quick ? 'tiny' : 'full'])
  // The bars are about the full size; a tiny model can neither meet nor miss them.
  const rows = quick ? all.map(({ bar: _, ...row }): Row => row) : all
  const names = [...rows, ...measurements].map(({ name }) => name)
  const unknown = only.find(name => !names.includes(name))
  if (unknown !== undefined)
    throw new Error(`--only must be one of ${names.join(', ')}. Received: ${unknown}.`)
  const isChosen = ({ name, isExtra = false }: { name: string; isExtra?: boolean }): boolean =>
    only.length === 0 ? !isExtra : only.includes(name)
  return {
    rows: rows.filter(isChosen),
    measurements: measurements.filter(isChosen),
    all: [...rows, ...measurements],
  }
}

const command = new Command('npm run bench --')
  .option('--only <row...>', 'race these rows alone', [])
  .option('--list', 'print the rows and end')
  .option('--torch <python...>', "Pythons with PyTorch (the last is Debian's own)", [
    'python3',
    '/usr/bin/python3',
  ])
  .option('--repeats <n>', 'turns of each side (default 7; 3 with --quick)', count)
  .option('--quick', 'a tiny model, to see that everything runs and agrees; its times say nothing', false)
  .addOption(new Option('--engine <name>', 'ours').choices(['eager', 'compiled']).default('compiled'))
  .option('--no-sweep', 'take PyTorch as it is, with 2 threads, and do not look for its best settings')
  .option('--settings <file>', "take PyTorch's settings from an earlier result (.json)")
  .option('--work <folder>', 'keep weights and inputs here, and take them from here when they are there')
  .option('--posts <folder>', 'Twitter-2015', '../shared/data/twitter2015')
  .option(
    '--vocab <file>',
    'vocabulary of bert-base-cased',
    '../shared/models/vocab/bert-base-cased-vocab.txt',
  )
  .option(
    '--name <name>',
    'of benchmarks/results/NAME.json and .md (default full, tiny, or part with --only)',
  )

type BenchOptions = ReturnType<typeof command.opts>
type Chosen = ReturnType<typeof chosenBy>

async function measureOurs(
  chosen: Chosen['measurements'],
  how: MeasurementOptions,
): Promise<MeasurementResult[]> {
  const measured: MeasurementResult[] = []
  for (const { name, title, measure } of chosen) {
    const result: MeasurementResult = { name, title, values: [] }
    try {
      result.values = await measure(how)
    } catch (error) {
      result.reason = firstLine(error)
    }
    measured.push(result)
    const shown = result.values.map(({ what, value, unit }) => `${what} ${value.toFixed(2)} ${unit}`)
    console.log(`  ${name}: ${result.reason ?? shown.join('; ')}`)
  }
  return measured
}

async function bench(options: BenchOptions, chosen: Chosen, folder: string): Promise<void> {
  const { quick, engine, settings: earlier, only } = options
  const { repeats = quick ? 3 : 7, name = quick ? 'tiny' : only.length > 0 ? 'part' : 'full' } = options
  const sweep = options.sweep && !quick && earlier === undefined
  const load = currentLoad()
  if (load > QUIET) console.warn(`NOTE: the load is ${load.toFixed(1)}; a busy machine measures nothing.`)
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
      ...{ rows: chosen.rows, ours, theirs, oursSettings: settings, folder, repeats, judge },
      choose: createChooser(theirs, { sweep, settings: earlier, folder, flags: processorFlags() }),
      onSweep: found => result.sweeps.push({ torch: theirs.about.name, ...found }),
    })
    await judge.close()
    result.opponents.push(...raced)
    // After every opponent, so that an hour's work is not lost with the next one.
    await writeResults(results, name, result)
  }
  if (chosen.measurements.length > 0) console.log('ours alone')
  result.measurements = await measureOurs(chosen.measurements, { ours, folder, repeats, settings })
  for (const path of await writeResults(results, name, result)) console.log(path)
  const { missed, notRun } = countFailures(result)
  console.log(`${missed} bars missed, ${notRun} not run`)
  // Without an opponent there was no race, and no bar was met.
  if (missed + notRun > 0 || opponents.found.length === 0) process.exitCode = 1
}

await runCommand(
  command.action(async options => {
    const chosen = chosenBy(options)
    if (options.list) for (const { name, title } of chosen.all) console.log(`${name.padEnd(24)} ${title}`)
    else if (options.work !== undefined) await bench(options, chosen, resolve(options.work))
    else await withFolder('bench', folder => bench(options, chosen, folder))
  }),
)
