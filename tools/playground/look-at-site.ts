import { existsSync, readFileSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { chromiumPath, startChromium } from '../browser/chromium'
import { serveFiles } from '../browser/serve-files'

/** As what readers see the first page. */
const READERS: Readonly<Record<string, BrowserContextOptions>> = {
  'wide, light': { viewport: { width: 1280, height: 900 }, colorScheme: 'light' },
  'phone, dark': { viewport: { width: 360, height: 740 }, colorScheme: 'dark' },
}

const axe = (): string => readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** What the playground says, once it says something else. */
async function answerAfter(page: Page, act: () => Promise<void>): Promise<string> {
  const before = await page.locator('.maf-said').textContent()
  await act()
  await page.waitForFunction(`document.querySelector('.maf-said').textContent !== ${JSON.stringify(before)}`)
  return (await page.locator('.maf-said').textContent())!.trim()
}

async function asReader(browser: Browser, origin: string, options: BrowserContextOptions): Promise<string[]> {
  const context = await browser.newContext({ ...options, reducedMotion: 'reduce' })
  const page = await context.newPage()
  page.setDefaultTimeout(180_000)
  const problems: string[] = []
  page.on('pageerror', ({ message }) => problems.push(`error: ${message}`))
  await page.goto(origin)
  // By the keyboard alone.
  await page.getByRole('button', { name: 'Read it here' }).focus()
  await page.keyboard.press('Enter')
  await page.waitForSelector('.maf-facts')
  const answers = [(await page.locator('.maf-said').textContent())!.trim()]
  await page.getByRole('radio', { name: 'a person' }).focus()
  for (let picture = 1; picture < 4; picture++) {
    answers.push(await answerAfter(page, () => page.keyboard.press('ArrowRight')))
  }
  const types = new Set(answers.map(answer => /Jordan: (\w+)/.exec(answer)?.[1]))
  if (types.size < 3) problems.push(`Jordan became no more than ${[...types].join(', ')}`)
  answers.push(await answerAfter(page, () => page.getByLabel('A post').fill('I met Rob in Oslo')))
  await page.evaluate(axe())
  const found = await page.evaluate<string[]>(
    "axe.run(document.querySelector('maf-playground')).then(({ violations }) => violations.map(({ id, nodes }) => id + ': ' + nodes[0].html.slice(0, 200)))",
  )
  problems.push(...found)
  const wider = await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth')
  if (wider > 0) problems.push(`the page is ${wider} pixels wider than the screen`)
  for (const answer of answers) console.log(`  ${answer}`)
  console.log(`  ${(await page.locator('.maf-facts').innerText()).replaceAll('\n', ' ')}`)
  await context.close()
  return problems
}

/**
 * Uses the playground of a built site in Chromium, as different readers do; where there is none it says so.
 *
 * @throws Error naming what was wrong
 */
export async function lookAtSite(folder: string): Promise<void> {
  const executablePath = chromiumPath()
  if (executablePath === undefined) {
    console.log('SKIPPED: nobody looked at the playground. Install Chromium, or name it in CHROMIUM.')
    return
  }
  // Addresses of the site have no `.html`.
  const site = await serveFiles(path =>
    [path, `${path}.html`, `${path}/index.html`]
      .map(name => join(folder, name))
      .find(file => existsSync(file) && statSync(file).isFile()),
  )
  const browser = await startChromium(executablePath)
  try {
    for (const [reader, options] of Object.entries(READERS)) {
      console.log(`playground, ${reader}:`)
      const problems = await asReader(browser, site.origin, options)
      if (problems.length > 0)
        throw new Error(`The playground is not right (${reader}): ${problems.join('; ')}`)
    }
  } finally {
    await browser.close()
    await site.close()
  }
}
