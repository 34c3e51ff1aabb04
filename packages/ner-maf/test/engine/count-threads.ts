import { readdirSync, readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { loadMaf } from '../../src/predict/load-maf'
import { trainRun } from '../../src/train/train-run'

// A process that counts its own threads while it trains and predicts: `count-threads.ts OPTIONS`, those of `trainRun` as JSON. It
// prints as JSON how many there were at most, in each part of its work.

/** How many threads of each kind there were. */
interface Counted {
  own: number
  libvips: number
}

/** Threads that have named themselves as libvips's: they do so a moment after they have begun. */
const ofLibvips = new Set<string>()

/** The threads of this process that are there now. */
function tasks(): string[] {
  const found = readdirSync('/proc/self/task')
  for (const task of found) {
    try {
      if (readFileSync(`/proc/self/task/${task}/comm`, 'utf8').startsWith('libvips')) ofLibvips.add(task)
    } catch {
      // It has ended meanwhile.
    }
  }
  return found
}

/** The most threads of each kind while something runs, looked at every millisecond. */
async function most(run: () => Promise<unknown>): Promise<Counted> {
  const seen = [tasks()]
  const timer = setInterval(() => seen.push(tasks()), 1)
  await run()
  clearInterval(timer)
  seen.push(tasks())
  const found: Counted = { own: 0, libvips: 0 }
  for (const now of seen) {
    const libvips = now.filter(task => ofLibvips.has(task)).length
    found.libvips = Math.max(found.libvips, libvips)
    found.own = Math.max(found.own, now.length - libvips)
  }
  return found
}

const options = JSON.parse(process.argv[2]!) as Parameters<typeof trainRun>[0] & { threads: number }
const { out, threads, images } = options
// What Node starts once: its pool for files.
const idle = await most(() => Promise.all(Array.from({ length: 8 }, () => readFile(import.meta.filename))))
const train = await most(() => trainRun(options))
const predict = await most(async () => {
  const maf = await loadMaf(out, { threads })
  const pictures = readdirSync(images!).slice(0, 12)
  const posts = pictures.map(picture => ({ text: 'somewhere in Berlin', image: `${images}/${picture}` }))
  for await (const { error } of maf.annotateMany(posts) as AsyncIterable<{ error?: Error }>)
    if (error) throw error
  await maf.dispose()
})
console.log(JSON.stringify({ idle, train, predict }))
