import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import sharp from 'sharp'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import {
  axeViolations,
  executablePath,
  type PageOpener,
  problemsForAll,
  startBrowser,
} from '../../explain/test/page/open-page'
import { writeTinyCheckpoint } from '../../ner-maf/test/checkpoint/tiny-checkpoint'
import { post, type Served, serve, tinyModel } from './serving'

let browser: PageOpener
let model: string
let textModel: string
let served: Served
let extra: Served | undefined
const files: { name: string; mimeType: string; buffer: Buffer }[] = []

beforeAll(async () => {
  model = await tinyModel()
  textModel = join(await mkdtemp(join(tmpdir(), 'maf-playground-')), 'model')
  await writeTinyCheckpoint(textModel, { pictures: false })
  for (const background of ['#7b2', '#b22']) {
    const picture = sharp({ create: { width: 40, height: 30, channels: 3, background } })
    files.push({
      name: `${background}.png`,
      mimeType: 'image/png',
      buffer: await picture.png().toBuffer(),
    })
  }
  served = await serve({ model })
  if (executablePath) browser = await startBrowser()
})
afterEach(async () => {
  await extra?.stop()
  extra = undefined
})
afterAll(async () => {
  await browser?.close()
  await served.stop()
})

const inBrowser = test.skipIf(executablePath === undefined)
const PATIENT = { timeout: 20_000 }
const field = (page: Page) => page.getByRole('textbox', { name: 'Post' })
const words = (page: Page) => page.getByRole('option').allTextContents()
const says = (page: Page) => page.locator('#says')
const ifWithout = (page: Page) => page.getByRole('heading', { name: 'Without a picture' })

/** Waits until the page shows the explanation of a text. */
const shows = (page: Page, text: string) =>
  expect.poll(async () => (await words(page)).join(' '), PATIENT).toBe(text)

/** Hands a file to the page as a hand, or a clipboard, does. */
const give = (page: Page, kind: 'drop' | 'paste', { name, mimeType, buffer }: (typeof files)[number]) =>
  page.evaluate(
    ({ kind, name, mimeType, bytes }) => {
      const transfer = new DataTransfer()
      transfer.items.add(new File([new Uint8Array(bytes)], name, { type: mimeType }))
      const init = { bubbles: true, cancelable: true }
      const event =
        kind === 'drop'
          ? new DragEvent('drop', { ...init, dataTransfer: transfer })
          : new ClipboardEvent('paste', { ...init, clipboardData: transfer })
      document.body.dispatchEvent(event)
    },
    { kind, name, mimeType, bytes: [...buffer] },
  )

inBrowser(
  'a post is explained while it is typed; its picture is chosen, dropped, pasted, taken away',
  async () => {
    const { page, context, heard } = await browser.visit(served.url)
    await field(page).pressSequentially('kevin loves\nparis')
    await shows(page, 'kevin loves paris')
    expect(await ifWithout(page).count()).toBe(0)
    // The text is the one that was typed, to the sign.
    const asked = page.waitForResponse(/explain/)
    await page.locator('#picture').setInputFiles(files[0]!)
    expect(((await (await asked).json()) as { text: string }).text).toBe('kevin loves\nparis')
    await ifWithout(page).waitFor()
    const picture = page.locator('maf-explanation figure img')
    const first = await picture.getAttribute('src')
    expect(first).toMatch(/^blob:/)
    expect(await page.locator('#shown').isVisible()).toBe(true)
    await give(page, 'drop', files[1]!)
    await expect.poll(() => picture.getAttribute('src'), PATIENT).not.toBe(first)
    expect(await page.locator('#name').textContent()).toBe('#b22.png')
    await give(page, 'paste', files[0]!)
    await expect.poll(() => page.locator('#name').textContent(), PATIENT).toBe('#7b2.png')
    await expect.poll(() => page.locator('.map rect').count(), PATIENT).toBe(4)
    await page.getByLabel(/Hide regions/).check()
    await page.getByRole('radio', { name: 'Occlusion' }).waitFor()
    await page.getByRole('button', { name: 'Take it away' }).click()
    await expect.poll(() => ifWithout(page).count(), PATIENT).toBe(0)
    await field(page).fill('')
    expect(await page.locator('maf-explanation').isVisible()).toBe(false)
    expect(heard).toEqual([])
    await context.close()
  },
)

inBrowser('the newest question is answered; the one before it is given up', async () => {
  const { page, context } = await browser.visit(served.url)
  const left: string[] = []
  page.on('requestfailed', request => left.push(request.failure()!.errorText))
  // The first is held on its way, so that no machine is fast enough to answer it.
  await page.route(/explain\?/, () => {}, { times: 1 })
  const asked = page.waitForRequest(/explain\?/)
  await field(page).fill('paris')
  await asked
  await field(page).fill('kevin')
  await shows(page, 'kevin')
  await expect.poll(() => left).toEqual(['net::ERR_ABORTED'])
  await context.close()
})

inBrowser('by keys alone: text, picture and its end', async () => {
  const { page, context } = await browser.visit(served.url)
  const focused = () => page.evaluate(() => document.activeElement?.id)
  // Long before: that somebody listens has to reach the browser.
  const choosing = page.waitForEvent('filechooser', PATIENT)
  await field(page).focus()
  await page.keyboard.type('kevin')
  await page.keyboard.press('Tab')
  expect(await focused()).toBe('picture')
  await page.keyboard.press('Space')
  await (await choosing).setFiles(files[0]!)
  await ifWithout(page).waitFor()
  await page.keyboard.press('Tab')
  expect(await focused()).toBe('remove')
  await page.keyboard.press('Enter')
  expect(await focused()).toBe('picture')
  await expect.poll(() => ifWithout(page).count(), PATIENT).toBe(0)
  await context.close()
})

inBrowser('with a key: asked for, told when it is wrong, kept by the page alone', async () => {
  extra = await serve({ model, apiKeys: ['the right one'] })
  const { page, context } = await browser.visit(extra.url)
  await field(page).fill('kevin')
  await expect.poll(() => says(page).textContent(), PATIENT).toBe('This server asks for a key.')
  const keyField = page.getByLabel('This server asks for a key')
  await keyField.fill('another one')
  await keyField.press('Enter')
  await expect.poll(() => says(page).textContent(), PATIENT).toBe('The server does not know this key.')
  expect(await page.locator('maf-explanation').isVisible()).toBe(false)
  await keyField.fill('the right one')
  await page.getByRole('button', { name: 'Use it' }).click()
  await shows(page, 'kevin')
  expect(await keyField.isVisible()).toBe(false)
  const kept = await page.evaluate(() => [
    localStorage.length,
    sessionStorage.length,
    document.cookie,
    location.search,
  ])
  expect(kept).toEqual([0, 0, '', ''])
  await context.close()
})

inBrowser('what is wrong is said in the words of the server; a full one is asked again', async () => {
  extra = await serve({ model, queuePosts: 1, textLength: 10_000 })
  const { page, context } = await browser.visit(extra.url)
  await field(page).fill('kevin')
  await shows(page, 'kevin')
  await page
    .locator('#picture')
    .setInputFiles({ ...files[0]!, name: 'a.png', buffer: Buffer.from('no picture') })
  await expect
    .poll(() => says(page).textContent(), PATIENT)
    .toMatch(/^picture .*no known format\. Use a JPEG/)
  expect(await page.locator('maf-explanation').isVisible()).toBe(false)
  expect(await page.locator('#name').textContent()).toBe('a.png (this browser cannot show it)')
  await page.getByRole('button', { name: 'Take it away' }).click()
  await shows(page, 'kevin')
  // A worker that stands still holds one post; another waits, and no machine is too fast.
  const worker = Number(extra.log.find(({ worker }) => worker !== undefined)!['worker'])
  process.kill(worker, 'SIGSTOP')
  const queued = async (): Promise<number> =>
    Number(/^maf_queue_posts (\d+)$/m.exec(await (await fetch(`${extra!.url}/metrics`)).text())![1])
  const others: Promise<Response>[] = []
  while ((await queued()) === 0) others.push(post(extra.url, { text: 'kevin' }))
  const refused = page.waitForResponse(response => response.status() === 429)
  await field(page).fill('paris')
  await refused
  expect(await says(page).textContent()).toMatch(
    /^The server has no room; it is asked again in \d+ seconds?\.$/,
  )
  process.kill(worker, 'SIGCONT')
  await shows(page, 'paris')
  expect(await says(page).textContent()).toBe('')
  await Promise.all(others)
  await context.close()
})

inBrowser.each([
  ['English', 'kevin loves paris'],
  ['Arabic', 'كيفن يحب باريس kevin'],
  ['Chinese', '凯文爱巴黎'],
])(
  '%s: for everybody, light, dark and on a phone: axe finds nothing, nothing is cut off',
  async (name, text) => {
    const { page, context, heard } = await browser.visit(served.url)
    expect(await axeViolations(page)).toEqual([])
    await field(page).fill(text)
    await page.locator('#picture').setInputFiles(files[0]!)
    await ifWithout(page).waitFor()
    const side = await field(page).evaluate(area => getComputedStyle(area).direction)
    expect(side).toBe(name === 'Arabic' ? 'rtl' : 'ltr')
    expect(await problemsForAll(page)).toEqual([])
    expect(heard).toEqual([])
    await context.close()
  },
)

inBrowser('a model of text alone has no well, and says so', async () => {
  extra = await serve({ model: textModel })
  const { page, context, heard } = await browser.visit(extra.url)
  await field(page).fill('kevin <img src=x onerror=alert(1)>')
  await expect.poll(async () => (await words(page)).length, PATIENT).toBeGreaterThan(1)
  expect(await page.locator('input[type=file]').count()).toBe(0)
  expect(await page.getByText('This model reads text alone').isVisible()).toBe(true)
  await give(page, 'paste', files[0]!)
  expect(await axeViolations(page)).toEqual([])
  expect(heard).toEqual([])
  await context.close()
})

test('the page allows nothing within it and nothing of elsewhere; it may be left out', async () => {
  const page = await fetch(served.url)
  const policy = page.headers.get('content-security-policy')!
  expect(policy).toMatch(/^default-src 'none'; /)
  expect(policy).not.toMatch(/unsafe|https?:|\*/)
  const html = await page.text()
  expect(html).not.toMatch(/<style|<script>| on[a-z]+=|style=|(src|href)="(https?:)?\/\//)
  for (const [, path] of html.matchAll(/(?:src|href)="(playground\/[^"]+)"/g)) {
    const file = await fetch(`${served.url}/${path}`)
    expect([path, file.status, file.headers.get('x-content-type-options')]).toEqual([path, 200, 'nosniff'])
    const again = await fetch(`${served.url}/${path}`, {
      headers: { 'if-none-match': file.headers.get('etag')! },
    })
    expect(again.status).toBe(304)
  }
  extra = await serve({ model: textModel, playground: false })
  for (const path of ['/', '/playground/page.js']) expect((await fetch(extra.url + path)).status).toBe(404)
})
