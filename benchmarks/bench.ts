import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { countOf, oneOf, runCommand } from './command'
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
const USAGE = `npm run bench -- [options]
  --only ROW        race this row alone; may be given several times
  --list            print the rows and end
  --torch PYTHON    a Python with PyTorch; may be given several times (default: python3 and Debian's own)
  --repeats N       turns of each side (default 7; 3 with --quick)
  --quick           a tiny model, to see that everything runs and agrees; its times say nothing
  --engine NAME     ours: eager or compiled (default compiled)
  --no-sweep        take PyTorch as it is, with 2 threads, and do not look for its best settings
  --settings FILE   take PyTorch's settings from an earlier result (.json)
  --work DIR        keep weights and inputs here, and take them from here when they are there
  --posts DIR       Twitter-2015 (default ../shared/data/twitter2015)
  --vocab FILE      vocabulary of bert-base-cased (default ../shared/models/vocab/bert-base-cased-vocab.txt)
  --name NAME       results are benchmarks/results/NAME.json and .md (default full, tiny, or part with --only)`

const results = fileURLToPath(new URL('results', import.meta.url))

/** Above this load another process is at work, and times say little. */
const QUIET = 0.5

/** The rows and measurements of some names; of none, all but the extra rows. */
function chosenBy({ only, quick }: { only: string[]; quick: boolean }) {
  const all = raceRows(SIZES[quick ? 'tiny' : 'full'])
  // The bars are about the full size; a tiny model can neither meet nor miss them.
  const rows = quick ? all.map(({ bar: _, ...row }): Row => row) : all
  const names = [...rows, ...measurements].map(({ name }) => name)
  for (const name of only) oneOf('--only', names, name)
  const isChosen = ({ name, isExtra = false }: { name: string; isExtra?: boolean }): boolean =>
    only.length === 0 ? !isExtra : only.includes(name)
  return {
    rows: rows.filter(isChosen),
    measurements: measurements.filter(isChosen),
    all: [...rows, ...measurements],
  }
}

function readOptions(words: string[]) {
  const { values } = parseArgs({
    args: words,
    allowNegative: true,
    options: {
      only: { type: 'string', multiple: true, default: [] },
      torch: { type: 'string', multiple: true, default: ['python3', '/usr/bin/python3'] },
      repeats: { type: 'string' },
      quick: { type: 'boolean', default: false },
      engine: { type: 'string', default: 'compiled' },
      sweep: { type: 'boolean' },
      settings: { type: 'string' },
      work: { type: 'string' },
      posts: { type: 'string', default: '../shared/data/twitter2015' },
      vocab: { type: 'string', default: '../shared/models/vocab/bert-base-cased-vocab.txt' },
      name: { type: 'string' },
      list: { type: 'boolean', default: false },
    },
  })
  const { only, quick } = values
  return {
    ...values,
    chosen: chosenBy(values),
    repeats: countOf('--repeats', values.repeats ?? (quick ? '3' : '7')),
    engine: oneOf('--engine', ['eager', 'compiled'], values.engine),
    sweep: values.sweep ?? !(quick || values.settings !== undefined),
    name: values.name ?? (quick ? 'tiny' : only.length > 0 ? 'part' : 'full'),
  }
}

type BenchOptions = ReturnType<typeof readOptions>

async function measureOurs({ chosen }: BenchOptions, how: MeasurementOptions): Promise<MeasurementResult[]> {
  const measured: MeasurementResult[] = []
  for (const { name, title, measure } of chosen.measurements) {
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

async function bench(options: BenchOptions, folder: string): Promise<void> {
  const { quick, repeats, engine, name, chosen } = options
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
      choose: createChooser(theirs, { ...options, folder, flags: processorFlags() }),
      onSweep: found => result.sweeps.push({ torch: theirs.about.name, ...found }),
    })
    await judge.close()
    result.opponents.push(...raced)
    // After every opponent, so that an hour's work is not lost with the next one.
    await writeResults(results, name, result)
  }
  if (chosen.measurements.length > 0) console.log('ours alone')
  result.measurements = await measureOurs(options, { ours, folder, repeats, settings })
  for (const path of await writeResults(results, name, result)) console.log(path)
  const { missed, notRun } = countFailures(result)
  console.log(`${missed} bars missed, ${notRun} not run`)
  // Without an opponent there was no race, and no bar was met.
  if (missed + notRun > 0 || opponents.found.length === 0) process.exitCode = 1
}

await runCommand(USAGE, readOptions, async options => {
  if (options.list) {
    for (const { name, title } of options.chosen.all) console.log(`${name.padEnd(24)} ${title}`)
    return
  }
  const folder = options.work ? resolve(options.work) : await mkdtemp(join(tmpdir(), 'maf-bench-'))
  try {
    await bench(options, folder)
  } finally {
    if (options.work === undefined) await rm(folder, { recursive: true, force: true })
  }
})
