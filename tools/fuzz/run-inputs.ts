import { openSync, writeSync } from 'node:fs'
import { cp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { basename, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { useBackend } from '@mafjs/compile/engine'
import { bombs as allBombs } from './bombs'
import { drawOf } from './draw'
import { kinds } from './kinds'
import { mutate } from './mutate'
import { outcomeOf, watchFiles } from './watch'

// Reads hostile inputs in a process of its own, which may hang or crash: who started it knows where it stood.

/** What it is told. */
export interface Plan {
  /** The folder with a folder `seeds/KIND` of each kind. */
  work: string
  seed: number
  kinds: { name: string; from: number; seconds: number; count: number }[]
}

/** What it says, a line of JSON each. */
export type Said =
  | { kind: string; begins: true }
  | { kind: string; index: number; fault: string; saved: string }
  | { kind: string; ended: number }

const say = (said: Said): void => void process.stdout.write(`${JSON.stringify(said)}\n`)

async function filesIn(folder: string, wanted = /./): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = entries.filter(entry => entry.isFile()).map(entry => join(entry.parentPath, entry.name))
  return files.filter(file => wanted.test(file)).sort()
}

const { work, seed, kinds: planned } = JSON.parse(process.argv[2]!) as Plan
const place = openSync(join(work, 'place'), 'w')
const root = fileURLToPath(new URL('../../', import.meta.url))
process.chdir(join(work, 'run'))
await useBackend('cpu')
process.on('unhandledRejection', error => {
  throw error
})

for (const { name, from, seconds, count } of planned) {
  const kind = kinds.find(kind => kind.name === name)!
  say({ kind: name, begins: true })
  const folder = join(work, 'run', name)
  await rm(folder, { recursive: true, force: true })
  await cp(join(work, 'seeds', name), folder, { recursive: true })
  const files = await filesIn(folder, kind.files)
  const contents = await Promise.all(files.map(file => readFile(file)))
  // What is valid is read, so that all that is loaded once is.
  for (const file of files) await kind.read(file)
  const outside = watchFiles([folder, root, '/proc', '/sys'])
  const bombs = await filesIn(join(work, 'bombs', name)).catch(() => [])
  const bombNames = allBombs.filter(([, kind]) => kind === name).map(([what]) => what)
  let end = Number.POSITIVE_INFINITY
  let index = from
  for (; index < from + count && performance.now() < end; index++) {
    // Bombs come first, and in no time of the others'.
    if (index >= bombs.length) end = Math.min(end, performance.now() + seconds * 1000)
    writeSync(place, Buffer.from(String(index).padEnd(16)), 0, 16, 0)
    const draw = drawOf(seed, name, index)
    const at = draw.below(files.length)
    const bomb = bombs[index]
    const file =
      bomb === undefined ? files[at]! : join(folder, relative(join(work, 'bombs', name), bomb).slice(3))
    if (bomb === undefined) await writeFile(file, mutate(contents[at]!, draw, contents))
    else await cp(bomb, file)
    const { fault, seconds: took, megabytes } = await outcomeOf(() => kind.read(file), outside)
    if (bomb !== undefined)
      console.error(`${name}, ${bombNames[index]}: ${took.toFixed(2)} s, ${megabytes} MB`)
    if (fault !== undefined) {
      const saved = join(work, 'found', `${name}-${seed}-${index}-${basename(file)}`)
      await cp(file, saved)
      say({ kind: name, index, fault, saved })
    }
    if (contents[files.indexOf(file)]) await writeFile(file, contents[files.indexOf(file)]!)
    else await rm(file)
  }
  say({ kind: name, ended: index })
}
process.exit(0)
