import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Command } from '@commander-js/extra-typings'
import { type Annotation, loadMaf } from '@mafjs/ner-maf'
import type { Browser } from 'playwright-core'
import { chromiumPath, startChromium } from './browser/chromium'
import type { FileServer } from './browser/serve-files'
import { writeApp } from './bundlers/app-folder'
import { PACKERS } from './bundlers/packers'
import { developWithVite } from './bundlers/vite-server'
import { runCommand, withFolder } from './command'
import { ISOLATED, onnxRuntimeFolder, servePage } from './page-worker/serve-page'

// npm run bundlers: a page of one file that imports the built @mafjs/ner-maf/browser, packed by each bundler as the guide says, and used in
// Chromium under the strictest policy; it must answer as Node does.

const POSTS_EN = fileURLToPath(new URL('../models/posts-en/model', import.meta.url))
/** What the page reads. */
const TEXT = 'Rihanna 🎤 sings in Oslo'
/** How long a page may take; one whose threads never start would wait for ever. */
const PATIENCE = 60_000

/** What the page says. */
interface Said extends Pick<Annotation, 'entities'> {
  threads: number
}

/** A way of opening a page. */
interface Visit {
  headers: Readonly<Record<string, string>>
  query: string
  /** How many must compute. */
  threads: number
}

const VISITS: Readonly<Record<string, Visit>> = {
  plain: { headers: {}, query: '', threads: 1 },
  isolated: { headers: ISOLATED, query: 'threads=2', threads: 2 },
  'runtime named': { headers: {}, query: 'runtime=/ort', threads: 1 },
}

/** Entities without what rounding moves. */
const placesOf = ({ entities }: Pick<Annotation, 'entities'>): string =>
  JSON.stringify(entities.map(({ type, text, start, end }) => [type, text, start, end]))

/** Opens a page, and waits for what it says. @throws Error naming what it complained of */
async function answerOf(browser: Browser, address: string): Promise<Said> {
  const page = await browser.newPage()
  const complaints: string[] = []
  try {
    page.on('console', message => {
      if (/policy/i.test(message.text())) complaints.push(message.text())
    })
    const failed = new Promise<never>((_, reject) => page.on('pageerror', reject))
    await page.goto(address)
    const output = page.locator('output')
    await Promise.race([output.waitFor({ timeout: PATIENCE }), failed])
    if (complaints.length > 0) throw new Error(complaints.join('; '))
    return JSON.parse((await output.textContent())!)
  } finally {
    await page.close()
  }
}

/** A page that was packed, or is packed while it is served. */
interface Packed {
  name: string
  /** What it says of ONNX Runtime's files where nothing packs them. */
  query?: string
  serve(headers: Visit['headers']): Promise<FileServer>
}

async function tryAll(folder: string): Promise<void> {
  const executablePath = chromiumPath()
  if (executablePath === undefined) {
    console.log('SKIPPED: no packed page ran. Install Chromium, or name it in CHROMIUM.')
    return
  }
  const app = join(folder, 'app')
  await writeApp(app)
  const maf = await loadMaf(POSTS_EN, { engine: 'onnx', threads: 1 })
  const node = placesOf(await maf.annotate({ text: TEXT }))
  await maf.dispose()
  console.log(`Node: ${node}`)

  const problems: string[] = []
  const folders = { 'posts-en': POSTS_EN, ort: onnxRuntimeFolder() }
  const files = await servePage({ folders })
  const proxy = Object.fromEntries(Object.keys(folders).map(name => [`/${name}`, files.origin]))
  const pages: Packed[] = [
    { name: "Vite's development server", serve: headers => developWithVite({ root: app, proxy, headers }) },
  ]
  for (const [name, pack] of Object.entries(PACKERS)) {
    const page = join(folder, name)
    for (const warning of await pack(app, page)) problems.push(`${name} warns: ${warning}`)
    const query = name === 'no bundler' ? 'runtime=/ort' : ''
    pages.push({ name, query, serve: headers => servePage({ folders, page, headers }) })
  }

  const browser = await startChromium(executablePath)
  try {
    for (const { name, query, serve } of pages) {
      for (const [how, { headers, threads, ...visit }] of Object.entries(VISITS)) {
        const server = await serve(headers)
        const start = performance.now()
        try {
          const said = await answerOf(browser, `${server.origin}/?${[visit.query, query].join('&')}`)
          if (said.threads !== threads) throw new Error(`${said.threads} threads computed, not ${threads}`)
          if (placesOf(said) !== node) throw new Error(`it says ${placesOf(said)}`)
          console.log(`${name}, ${how}: as in Node (${Math.round(performance.now() - start)} ms)`)
        } catch (error) {
          problems.push(`${name}, ${how}: ${(error as Error).message}`)
        } finally {
          await server.close()
        }
      }
    }
  } finally {
    await browser.close()
    await files.close()
  }
  if (problems.length > 0) throw new Error(`A packed page is not right:\n${problems.join('\n')}`)
}

const command = new Command('npm run bundlers --').option(
  '--keep',
  'leave the temporary folder and say where it is',
)
await runCommand(command.action(({ keep }) => withFolder('bundlers', tryAll, { keep })))
