import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Explanation } from '../../src'
import { explanationPage } from '../../src/page'
import { executablePath, type PageOpener, problemsForAll, startBrowser } from './open-page'
import { drawn, picture, SAMPLES, sample } from './sample-explanations'

let browser: PageOpener
beforeAll(async () => {
  if (executablePath) browser = await startBrowser()
})
afterAll(() => browser?.close())

const inBrowser = test.skipIf(executablePath === undefined)
const PICTURES = { pictures: [drawn('#3a7'), drawn('#a37')], otherPictures: [drawn('#37a')] }

const status = (page: Page) => page.locator('[role=status]').textContent()
const fills = (page: Page) =>
  page.locator('.map rect').evaluateAll(cells => cells.map(cell => cell.getAttribute('fill')))

inBrowser.each(Object.entries(SAMPLES))(
  '%s: for everybody, light, dark and on a phone: axe finds nothing, nothing is cut off, nothing is asked for',
  async (_, explanation) => {
    const { page, context, heard } = await browser.open(explanationPage(explanation, PICTURES))
    expect(await problemsForAll(page)).toEqual([])
    expect(heard).toEqual([])
    await context.close()
  },
)

inBrowser('keys move the word in focus: its map, its labels and what is read out change', async () => {
  const { page, heard, context } = await browser.open(explanationPage(SAMPLES.pictured, PICTURES))
  expect(await status(page)).toMatch(/^Jordan: B-MISC, [\d.]+ %\. Gate 0\.\d\d\. Looks most at row \d of 4/)
  const first = await fills(page)
  expect(new Set(first).size).toBeGreaterThan(9)
  await page.keyboard.press('Tab')
  await page.keyboard.press('ArrowRight')
  expect(await status(page)).toMatch(/^sleeps: O, /)
  expect(await page.getByRole('option', { selected: true }).getAttribute('aria-label')).toMatch(
    /^sleeps, O, /,
  )
  expect(await fills(page)).not.toEqual(first)
  await page.keyboard.press('ArrowDown')
  expect(await status(page)).toMatch(/^Velvagon: B-ORG, /)
  await page.keyboard.press('Home')
  expect(await fills(page)).toEqual(first)
  // The maps are chosen by keys too, and each says which it is.
  await page.keyboard.press('Tab')
  expect(await page.locator('.aside').filter({ hasText: 'Attention' }).textContent()).toMatch(/no proof/)
  await page.keyboard.press('ArrowRight')
  expect(await page.locator('.map').getAttribute('data-kind')).toBe('occlusion')
  expect(await page.locator('.legend + .aside').textContent()).toMatch(/^Occlusion: .*hidden/s)
  expect(await fills(page)).not.toEqual(first)
  await page.getByRole('radio', { name: 'Attention' }).check({ force: true })
  await page.getByRole('radio', { name: 'head 2' }).check({ force: true })
  expect(await fills(page)).not.toEqual(first)
  expect(await page.locator('.legend + .aside').textContent()).toMatch(/head 2/)
  expect(heard).toEqual([])
  await context.close()
})

inBrowser(
  'the pointer looks and leaves, a finger chooses; a text that runs to the left is walked to the left',
  async () => {
    const { page, context } = await browser.open(explanationPage(SAMPLES.pictured, PICTURES))
    const first = await fills(page)
    await page.getByRole('option', { name: /^beside/ }).hover()
    expect(await page.locator('#word-title').textContent()).toMatch(/beside/)
    expect(await fills(page)).not.toEqual(first)
    expect(await status(page)).toMatch(/^Jordan/)
    await page.mouse.move(1, 1)
    expect(await page.locator('#word-title').textContent()).toMatch(/Jordan/)
    await context.close()

    const phone = await browser.open(explanationPage(SAMPLES.rightToLeft, PICTURES), {
      ...{ viewport: { width: 360, height: 640 }, hasTouch: true, isMobile: true },
    })
    const words = phone.page.getByRole('option')
    await words.nth(4).tap()
    expect(await words.nth(4).getAttribute('aria-selected')).toBe('true')
    const before = await status(phone.page)
    await phone.page.keyboard.press('ArrowLeft')
    expect(await status(phone.page)).not.toBe(before)
    expect(await words.nth(5).getAttribute('aria-selected')).toBe('true')
    // Words of Latin letters stand in their own order.
    const places = await Promise.all([2, 3].map(async word => (await words.nth(word).boundingBox())!))
    expect(places[0]!.x < places[1]!.x || places[0]!.y < places[1]!.y).toBe(true)
    await phone.context.close()
  },
)

inBrowser(
  'markup in a post is text: in its words, its names, its labels, its notes and its title',
  async () => {
    const evil = `<img src=x onerror=alert(1)></script><script>alert(2)</script><!--<b id="made">\u2028&lt;"'\${alert(3)}`
    const plain = sample({
      text: `${evil} Rob`,
      entities: [['Rob', evil, 0.5]],
      pictures: [picture(evil)],
      labels: ['O', `B-${evil}`],
    })
    const explanation: Explanation = {
      ...plain,
      words: plain.words.map(word => ({ ...word, text: evil, label: `B-${evil}` })),
      skippedPictures: [{ picture: evil, reason: evil }],
      notes: [evil],
      whatIf: plain.whatIf.map(one => ({ ...one, pictures: [picture(evil)] })),
    }
    const html = explanationPage(explanation, { ...PICTURES, title: evil })
    const { page, heard, context } = await browser.open(html)
    await page.getByRole('option').last().click()
    expect(await page.locator('#made, img[src=x], maf-explanation ~ b').count()).toBe(0)
    expect(await page.evaluate(() => document.scripts.length)).toBe(2)
    expect(await page.title()).toContain('<img src=x')
    expect(await page.getByRole('option').last().textContent()).toBe(evil)
    expect(heard).toEqual([])
    await context.close()
  },
)

test('a page takes at most 150 kB and its pictures, and says what it leaves out', () => {
  const text = Array.from({ length: 120 }, (_, i) => (i % 30 === 0 ? `Rob${i}` : `word${i}`)).join(' ')
  const entities = [0, 30, 60, 90].map(i => [`Rob${i}`, 'PER', 0.9] as const)
  const long = sample({ text, entities, pictures: [picture('a', 640, 640, 14, 14)], heads: 12 })
  const html = explanationPage(long, { pictures: [null] })
  expect(Buffer.byteLength(html)).toBeLessThan(150_000)
  expect(html).toContain('To keep this page small')
  expect(explanationPage(SAMPLES.pictured)).not.toContain('To keep this page small')
})
