import { writeFile } from 'node:fs/promises'
import { cpus, loadavg } from 'node:os'
import { fileURLToPath } from 'node:url'
import { Command } from '@commander-js/extra-typings'
import { quantile } from '@mafjs/evaluate'
import type { Browser } from 'playwright-core'
import { chromiumPath, startChromium } from '../browser/chromium'
import { count, runCommand, withFolder } from '../command'
import { bundleWorker } from './bundle-worker.mjs'
import { OWN_TEXTS } from './own-texts'
import { ISOLATED, onnxRuntimeFolder, servePage } from './serve-page'

// npm run browser-threads: what a second thread is worth in an isolated page, one thread and two in turns.

const POSTS_EN = fileURLToPath(new URL('../../models/posts-en/model', import.meta.url))
const RESULT = fileURLToPath(new URL('../../benchmarks/results/browser-threads.json', import.meta.url))
/** Compared; the first is what others are set beside. */
const THREADS = [1, 2] as const

/** Of one turn, by the post. */
interface Turn {
  milliseconds: number
  /** Of all processes that show pages. */
  processorMilliseconds: number
}

/** Loads a model once for each count of threads, and lets each annotate the same texts, in turns. */
async function takeTurns(browser: Browser, origin: string, turns: number): Promise<Turn[][]> {
  const page = await browser.newPage()
  page.setDefaultTimeout(0)
  await page.goto(origin)
  await page.waitForFunction('globalThis.loadMaf')
  const inspector = await browser.newBrowserCDPSession()
  const processorTime = async (): Promise<number> => {
    const { processInfo } = await inspector.send('SystemInfo.getProcessInfo')
    return processInfo
      .filter(({ type }) => type === 'renderer')
      .reduce((sum, { cpuTime }) => sum + 1000 * cpuTime, 0)
  }
  const annotateAll = (threads: number): Promise<number> =>
    page.evaluate<number>(`(async texts => {
      const maf = globalThis.models[${threads}]
      const start = performance.now()
      for (const text of texts) await maf.annotate({ text })
      return performance.now() - start
    })(${JSON.stringify(OWN_TEXTS)})`)

  for (const threads of THREADS) {
    const used = await page.evaluate<number>(`(async () => {
      globalThis.models ??= {}
      const maf = await loadMaf('/model', { runtime: '/ort', device: 'wasm', threads: ${threads} })
      globalThis.models[${threads}] = maf
      return maf.threads
    })()`)
    if (used !== threads) throw new Error(`${used} threads compute, not ${threads}.`)
    await annotateAll(threads)
  }
  const all: Turn[][] = []
  for (let turn = 0; turn < turns; turn++) {
    const measured: Turn[] = []
    // Who is first in one turn is last in the next.
    const order = turn % 2 === 0 ? [0, 1] : [1, 0]
    for (const place of order) {
      const before = await processorTime()
      const milliseconds = (await annotateAll(THREADS[place]!)) / OWN_TEXTS.length
      const spent = (await processorTime()) - before
      measured[place] = { milliseconds, processorMilliseconds: spent / OWN_TEXTS.length }
    }
    all.push(measured)
  }
  await page.close()
  return all
}

const median = (values: readonly number[]): number => Number(quantile(values, 0.5).toFixed(3))

/** Medians over turns; ratios are of the two sides of one turn. */
function summary(turns: readonly Turn[][]): object {
  const rows = THREADS.map((threads, place) => ({
    threads,
    msPerPost: median(turns.map(turn => turn[place]!.milliseconds)),
    processorMsPerPost: median(turns.map(turn => turn[place]!.processorMilliseconds)),
  }))
  const speedups = turns.map(([one, two]) => one!.milliseconds / two!.milliseconds)
  const speedup = [0.25, 0.5, 0.75].map(at => Number(quantile(speedups, at).toFixed(3)))
  return { rows, speedupOfTwoThreads: { quartiles: speedup } }
}

const command = new Command('npm run browser-threads --')
  .option('--model <dir>', 'a folder that ner-maf export wrote', POSTS_EN)
  .option('--turns <n>', 'of each', count, 25)

await runCommand(
  command.action(async ({ model, turns }) => {
    const executablePath = chromiumPath()
    if (executablePath === undefined) {
      console.log('SKIPPED: no Chromium here. Install it, or name it in CHROMIUM.')
      return
    }
    await withFolder('threads', async folder => {
      await bundleWorker(folder, { page: true })
      const folders = { maf: folder, ort: onnxRuntimeFolder(), model }
      const server = await servePage({ folders, headers: ISOLATED })
      const browser = await startChromium(executablePath)
      try {
        const [load] = loadavg()
        const measured = summary(await takeTurns(browser, server.origin, turns))
        const machine = {
          processor: cpus()[0]?.model.trim(),
          cores: cpus().length,
          browser: browser.version(),
        }
        const result = { machine, load, turns, postsOfATurn: OWN_TEXTS.length, ...measured }
        console.log(JSON.stringify(result, null, 2))
        await writeFile(RESULT, `${JSON.stringify(result, null, 2)}\n`)
      } finally {
        await browser.close()
        await server.close()
      }
    })
  }),
)
