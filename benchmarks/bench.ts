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
import { findTransformersJs } from './transformers-js/find-transformers-js'

// npm run bench: ours against PyTorch, the same work with the same weights. README.md says how.
const results = fileURLToPath(new URL('results', import.meta.url))

/** Above this load another process is at work, and times say little. */
const QUIET = 0.5

/** What the names of PyTorch's sides begin with. */
const TORCH = 'PyTorch'

/** The rows and measurements of some names; of none, all but the extra rows. */
function chosenBy({ only, quick }: { only: string[]; quick: boolean }) {
  const all = raceRows(SIZES[quick ? 'tiny' : 'full'])
  // The bars are about the full size; a tiny model can neither meet nor miss them.
  const rows = quick ? all.map(({ bars: _, ...row }): Row => row) : all
  const named = [...rows, ...measurements]
  const names = new Set(named.flatMap(({ name, extra }) => (extra === undefined ? [name] : [extra, name])))
  const unknown = only.find(name => !names.has(name))
  if (unknown !== undefined)
    throw new Error(`--only must be one of ${[...names].join(', ')}. Received: ${unknown}.`)
  const isChosen = ({ name, extra }: { name: string; extra?: string | undefined }): boolean =>
    only.length === 0 ? extra === undefined : [name, extra].some(one => one && only.includes(one))
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
  .option('--transformers-js <folder>', 'where it is, or is installed', '.cache/transformers.js')
  .option('--repeats <n>', 'turns of each side (default 7; 3 with --quick)', count)
  .option('--threads <n>', 'of each side, where no search or earlier result says otherwise', count, 2)
  .option('--quick', 'a tiny model, to see that everything runs and agrees; its times say nothing', false)
  .option('--against <commit>', 'compare the stream with that of this commit')
  .addOption(new Option('--engine <name>', 'ours').choices(['eager', 'compiled']).default('compiled'))
  .option('--no-sweep', 'take PyTorch as it is, with 2 threads, and do not look for its best settings')
  .option('--settings <file>', "take PyTorch's settings from an earlier result (.json)")
  .option('--work <folder>', 'keep weights and inputs here, and take them from here when they are there')
  .option('--posts <folder>', 'Twitter-2015', '../shared/data/twitter2015')
  .option('--epoch-posts <folder>', 'Twitter-2017', '../shared/data/twitter2017')
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
      const found = await measure(how)
      Object.assign(result, Array.isArray(found) ? { values: found } : found)
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
  const [posts, epochPosts, vocab] = [options.posts, options.epochPosts, options.vocab].map(path =>
    resolve(path),
  ) as [string, string, string]
  // What has works of its own reads none of these files.
  const isPrepared =
    [...chosen.rows, ...chosen.measurements.filter(({ extra }) => extra === undefined)].length > 0
  const notes = !isPrepared ? [] : await prepareInputs(ours, { folder, size, posts, epochPosts, vocab })
  const pythons = chosen.rows.length > 0 ? options.torch : []
  const opponents = await findOpponents(pythons, join(folder, 'inductor'))
  notes.push(...opponents.notes)
  const [python] = opponents.pythons
  if (python !== undefined && chosen.rows.some(({ against }) => against === '')) {
    const installed = resolve(options.transformersJs)
    opponents.found.push(await findTransformersJs(installed, { python, folder }))
  }
  for (const note of notes) console.warn(note)
  const settings = { engine, threads: options.threads }
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
    const { name: opponent } = theirs.about
    console.log(`against ${opponent}`)
    const isTorch = opponent.startsWith(TORCH)
    const judge = createJudge({
      ours,
      theirs,
      exact: isTorch ? theirs : opponents.found[0],
      folder,
      settings,
    })
    const rows = chosen.rows.filter(({ against = TORCH }) => opponent.startsWith(against))
    const found = { sweep: sweep && isTorch, settings: isTorch ? earlier : undefined }
    const raced = await raceOpponent({
      ...{ rows, ours, theirs, oursSettings: settings, folder, repeats, judge },
      choose: createChooser(theirs, {
        ...{ ...found, folder, threads: options.threads, flags: processorFlags() },
      }),
      onSweep: found => result.sweeps.push({ torch: theirs.about.name, ...found }),
    })
    await judge.close()
    result.opponents.push(...raced)
    // After every opponent, so that an hour's work is not lost with the next one.
    await writeResults(results, name, result)
  }
  if (chosen.measurements.length > 0) console.log('ours alone')
  result.measurements = await measureOurs(chosen.measurements, {
    ...{ ours, folder, repeats, settings, quick, epochPosts, vocab, against: options.against },
  })
  for (const path of await writeResults(results, name, result)) console.log(path)
  const { missed, notRun } = countFailures(result)
  console.log(`${missed} bars missed, ${notRun} not run`)
  // Without an opponent there was no race, and no bar was met.
  if (missed + notRun > 0 || (chosen.rows.length > 0 && opponents.found.length === 0)) process.exitCode = 1
}

await runCommand(
  command.action(async options => {
    const chosen = chosenBy(options)
    if (options.list) for (const { name, title } of chosen.all) console.log(`${name.padEnd(24)} ${title}`)
    else if (options.work !== undefined) await bench(options, chosen, resolve(options.work))
    else await withFolder('bench', folder => bench(options, chosen, folder))
  }),
)
