import { readdirSync, readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { loadMaf } from '../../src/predict/load-maf'
import { trainRun } from '../../src/train/train-run'

// A process that counts its own threads while it trains and predicts: `count-threads.ts OPTIONS`, those of `trainRun` as JSON. It
// prints as JSON how many there were at most, in each part of its work.

/** The threads of this process: those of libvips, which name themselves, and all others. */
function tasks(): { own: number; libvips: number } {
  const names = readdirSync('/proc/self/task').flatMap(task => {
    try {
      return readFileSync(`/proc/self/task/${task}/comm`, 'utf8').trim()
    } catch {
      return []
    }
  })
  const libvips = names.filter(name => name.startsWith('libvips')).length
  return { own: names.length - libvips, libvips }
}

/** The most threads of each kind while something runs, looked at every millisecond. */
async function most(run: () => Promise<unknown>): Promise<{ own: number; libvips: number }> {
  const found = tasks()
  const look = (): void => {
    const now = tasks()
    found.own = Math.max(found.own, now.own)
    found.libvips = Math.max(found.libvips, now.libvips)
  }
  const timer = setInterval(look, 1)
  await run()
  look()
  clearInterval(timer)
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
