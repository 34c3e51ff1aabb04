import { existsSync, readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type Page,
} from 'playwright-core'

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

/** A real Chromium; undefined, and said, where there is none. */
export const executablePath = process.env['CHROMIUM'] ?? PLACES.find(existsSync)
if (executablePath === undefined) {
  console.warn('SKIPPED: pages were looked at in no browser. Install Chromium, or name it in CHROMIUM.')
}

/** A page that was opened, and all that it did beside showing itself. */
export interface OpenedPage {
  page: Page
  context: BrowserContext
  /** Dialogs, errors, complaints of the console and requests for anything but the file itself, or its server. */
  heard: string[]
}

/** Opens pages, each in a browser that knows no other. */
export interface PageOpener {
  /** From a file, with the network off. */
  open(html: string, options?: BrowserContextOptions): Promise<OpenedPage>
  /** From a server, which may be asked for more. */
  visit(address: string, options?: BrowserContextOptions): Promise<OpenedPage>
  close(): Promise<void>
}

/** Starts a browser for the tests of a file. */
export async function startBrowser(): Promise<PageOpener> {
  const folder = await mkdtemp(join(tmpdir(), 'maf-page-'))
  const browser: Browser = await chromium.launch({
    executablePath: executablePath!,
    args: ['--headless=new', '--no-sandbox', '--disable-background-networking', '--no-first-run'],
  })
  let count = 0
  const show = async (
    address: string,
    isOwn: (url: string) => boolean,
    options: BrowserContextOptions,
  ): Promise<OpenedPage> => {
    const context = await browser.newContext({ viewport: { width: 1180, height: 800 }, ...options })
    const page = await context.newPage()
    const heard: string[] = []
    page.on('dialog', dialog => {
      heard.push(`dialog: ${dialog.message()}`)
      void dialog.dismiss()
    })
    page.on('pageerror', error => heard.push(`error: ${error.message}`))
    page.on('console', message => heard.push(`console: ${message.text()}`))
    page.on('request', request => {
      const url = request.url()
      if (!/^(data|blob):/.test(url) && !isOwn(url)) heard.push(`request: ${url}`)
    })
    await page.goto(address)
    return { page, context, heard }
  }
  return {
    async open(html, options = {}) {
      count += 1
      const file = join(folder, `${count}.html`)
      await writeFile(file, html)
      const address = pathToFileURL(file).href
      return show(address, url => url === address, { offline: true, ...options })
    },
    visit: (address, options = {}) => show(address, url => url.startsWith(address), options),
    async close() {
      await browser.close()
      await rm(folder, { recursive: true })
    },
  }
}

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** What axe finds wrong with a page, by any of its rules, and where. */
export async function axeViolations(page: Page): Promise<string[]> {
  // Colours on their way to others have no contrast of their own.
  await page.waitForFunction(() => document.getAnimations().length === 0)
  await page.evaluate(AXE)
  return page.evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: { run(): Promise<{ violations: Violation[] }> } }
    interface Violation {
      id: string
      nodes: { target: string[]; failureSummary: string }[]
    }
    const { violations } = await axe.run()
    return violations.flatMap(({ id, nodes }) =>
      nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')}: ${failureSummary}`),
    )
  })
}

/** What is wrong with a page for some reader: in light and in dark by axe, on a phone by axe and by what is cut off. */
export async function problemsForAll(page: Page): Promise<string[]> {
  const light = await axeViolations(page)
  await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' })
  const dark = await axeViolations(page)
  await page.setViewportSize({ width: 360, height: 640 })
  const phone = await axeViolations(page)
  const wider = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
  return [...light, ...dark, ...phone, ...(wider === 0 ? [] : [`${wider} pixels wider than a phone`])]
}
