import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { Argument, Command } from '@commander-js/extra-typings'
import { markdownTable } from '@mafjs/evaluate'
import { count, runCommand } from './command'
import { bombs } from './fuzz/bombs'
import { kinds } from './fuzz/kinds'
import type { Plan, Said } from './fuzz/run-inputs'
import { writeTinyRuns } from './guards/tiny-runs'
import { FROM_SOURCE } from './processes'

// npm run fuzz -- KIND... --seconds 60: valid files are damaged and read again. Whatever is wrong with them is a typed error within
// 2 s of computing and 300 MB; nothing outside of their folder is opened, no prototype polluted, no tensor left.
const KIND_NAMES = kinds.map(({ name }) => name)
const ROOT = fileURLToPath(new URL('..', import.meta.url))
const CHILD = fileURLToPath(new URL('fuzz/run-inputs.ts', import.meta.url))

/** A reading that takes longer is ended; how long it computes is judged within the process. */
const PATIENCE = 15_000

const command = new Command('npm run fuzz --')
  .addArgument(new Argument('[kinds...]', 'what is read').choices(KIND_NAMES).default(KIND_NAMES, 'all'))
  .option('--seconds <seconds>', 'for all kinds together', count, 60)
  .option('--count <inputs>', 'the most of each kind', count)
  .option('--seed <number>', 'what the damage is drawn from', count, 1)
  .option('--from <index>', 'the first input: with --count 1 the one that was found', Number, 0)

/** What was found of a kind. */
interface Row {
  inputs: number
  found: string[]
}

/** Reads inputs until the plan is done; a process that hangs or dies is replaced behind the input that did it. */
async function runAll(plan: Plan): Promise<Map<string, Row>> {
  const rows = new Map<string, Row>(plan.kinds.map(({ name }) => [name, { inputs: 0, found: [] }]))
  let left = plan.kinds
  while (left.length > 0) {
    let begun = performance.now()
    const child = spawn(process.execPath, [...FROM_SOURCE, CHILD, JSON.stringify({ ...plan, kinds: left })], {
      cwd: ROOT,
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const hang = watchPlace(child, join(plan.work, 'place'))
    for await (const line of createInterface({ input: child.stdout! })) {
      const said = JSON.parse(line) as Said
      if ('begins' in said) begun = performance.now()
      else if ('fault' in said)
        report(rows.get(said.kind)!, `${said.kind} ${said.index}: ${said.fault}`, said.saved)
      else {
        rows.get(said.kind)!.inputs += said.ended - left[0]!.from
        left = left.slice(1)
      }
    }
    const [code, signal] = child.exitCode === null ? await once(child, 'exit') : [child.exitCode, null]
    const wasHang = hang.end()
    const [current, ...others] = left
    if (!current) break
    const index = Number(await readFile(join(plan.work, 'place'), 'utf8'))
    // What it was reading lies in its folder still.
    const saved = join(plan.work, 'found', `${current.name}-${plan.seed}-${index}`)
    await cp(join(plan.work, 'run', current.name), saved, { recursive: true })
    const fault = wasHang ? 'hang' : `crash: ${signal ?? code}`
    report(rows.get(current.name)!, `${current.name} ${index}: ${fault}`, saved)
    const done = index + 1 - current.from
    rows.get(current.name)!.inputs += done
    const seconds = current.seconds - (performance.now() - begun) / 1000
    left = [{ ...current, from: index + 1, seconds, count: current.count - done }, ...others]
  }
  return rows
}

/** Ends a process that stands at one input for too long. */
function watchPlace(child: ChildProcess, file: string): { end(): boolean } {
  let last = { text: '', since: performance.now() }
  let hangs = false
  const timer = setInterval(async () => {
    const text = await readFile(file, 'utf8').catch(() => '')
    if (text !== last.text) last = { text, since: performance.now() }
    else if (text !== '' && performance.now() - last.since > PATIENCE) {
      hangs = true
      child.kill('SIGKILL')
    }
  }, 500)
  return {
    end() {
      clearInterval(timer)
      return hangs
    },
  }
}

/** Says what was found; the like of it only once. */
function report(row: Row, found: string, saved?: string): void {
  const like = found.replace(/\d+/g, '')
  if (!row.found.some(other => other.replace(/\d+/g, '') === like)) {
    console.error(`${found}${saved ? `\n  saved as ${saved}` : ''}`)
  }
  row.found.push(found)
}

await runCommand(
  command.action(async (names, { seconds, count = Number.MAX_SAFE_INTEGER, seed, from }) => {
    const work = await mkdtemp(join(tmpdir(), 'maf-fuzz-'))
    for (const folder of ['runs', 'run', 'found']) await mkdir(join(work, folder))
    process.chdir(join(work, 'runs'))
    await writeTinyRuns({ backend: 'cpu' })
    for (const { name, write } of kinds.filter(({ name }) => names.includes(name))) {
      await mkdir(join(work, 'seeds', name), { recursive: true })
      await write(join(work, 'seeds', name), join(work, 'runs'))
      const own = bombs.filter(([, kind]) => kind === name)
      for (const [i, [, , file, make]] of own.entries()) {
        const place = join(work, 'bombs', name, String(i).padStart(2, '0'), file)
        await mkdir(dirname(place), { recursive: true })
        await writeFile(place, make())
      }
    }
    const share = seconds / names.length
    const rows = await runAll({
      work,
      seed,
      kinds: names.map(name => ({ name, from, seconds: share, count })),
    })
    const table = [...rows].map(([name, { inputs, found }]) => [name, String(inputs), String(found.length)])
    console.log(markdownTable(['kind', 'inputs', 'found'], table, [0]))
    const [inputs, found] = [1, 2].map(column => table.reduce((sum, row) => sum + Number(row[column]), 0))
    console.log(
      `\nfuzz: ${inputs} inputs of ${table.length} kinds, ${found} found (seed ${seed}, from ${from}; in ${work})`,
    )
    if (found! > 0) process.exitCode = 1
  }),
)
