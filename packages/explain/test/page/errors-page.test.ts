import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ErrorGallery } from '../../src'
import { errorsPage } from '../../src/page'
import { axeViolations, executablePath, type PageOpener, problemsForAll, startBrowser } from './open-page'
import { drawn, picture, sample } from './sample-explanations'
import { GALLERY } from './sample-gallery'

let browser: PageOpener
beforeAll(async () => {
  if (executablePath) browser = await startBrowser()
})
afterAll(() => browser?.close())

const inBrowser = test.skipIf(executablePath === undefined)
const PICTURES = { pictures: [[drawn('#3a7')], [], [drawn('#a37')], [drawn('#37a'), null]] }
const HTML = errorsPage(GALLERY, PICTURES)

const status = (page: Page) => page.locator('maf-errors > * >> role=status').first().textContent()
const names = (page: Page) =>
  page
    .locator('article h2')
    .filter({ hasText: /^(first|second|third|fourth)$/ })
    .allTextContents()

inBrowser(
  'for everybody, closed and open, light, dark and on a phone: axe finds nothing, nothing is cut off',
  async () => {
    const { page, context, heard } = await browser.open(HTML)
    expect(await axeViolations(page)).toEqual([])
    // Two, whose parts have the same names; what each shows is looked at on pages of its own.
    for (const card of [0, 2]) await page.locator('article').nth(card).getByRole('button').click()
    expect(await page.locator('maf-explanation').count()).toBe(2)
    expect(await problemsForAll(page)).toEqual([])
    expect(heard).toEqual([])
    await context.close()
  },
)

inBrowser('gold and predicted stand beside each other; the page says how much of all it shows', async () => {
  const { page, context } = await browser.open(HTML)
  expect(await page.locator('.about').innerText()).toMatch(
    /12 of 90 posts have an error\. 4 of those are here, taken in turn .*type 7\s+boundary 4\s+boundary and type 0/s,
  )
  const rows = await page.locator('article').first().locator('tbody tr').allInnerTexts()
  expect(rows.map(row => row.split(/\s+/))).toEqual([
    ['type', 'Jordan', 'PER', 'Jordan', 'MISC', '93.1', '%'],
    ['right', 'Velvagon', 'Works', 'ORG', 'Velvagon', 'Works', 'ORG', '86.2', '%'],
  ])
  expect(await page.locator('article').nth(1).locator('tbody tr').allInnerTexts()).toEqual([
    expect.stringMatching(/^missed\s+moved MISC\s+no entity$/),
    expect.stringMatching(/^spurious\s+no entity\s+Lima LOC 91\.0 %$/),
  ])
  // What is wrong is marked in the text, gold and predicted in one.
  expect(await page.locator('mark').allTextContents()).toEqual([
    'Jordan',
    'moved',
    'Lima',
    'Ada Lovelace',
    '约旦',
  ])
  await context.close()
})

inBrowser(
  'filters by keyboard: kind, type, picture and words together, each told to who does not see it',
  async () => {
    const { page, context, heard } = await browser.open(HTML)
    expect(await status(page)).toBe('Showing 4 of 4 posts')
    await page.keyboard.press('Tab')
    await page.keyboard.press('ArrowRight')
    expect(await page.getByRole('radio', { checked: true }).getAttribute('name')).toBe('kind')
    expect(await names(page)).toEqual(['first', 'fourth'])
    expect(await status(page)).toBe('Showing 2 of 4 posts')
    await page.getByLabel('Entity type').selectOption('PER')
    expect(await names(page)).toEqual(['first'])
    // The type must be that of an error of this kind: of the third post it is that of another kind.
    await page.getByRole('radio', { name: /^any/ }).check({ force: true })
    expect(await names(page)).toEqual(['first', 'third'])
    await page.getByLabel('Entity type').selectOption('')
    await page.getByLabel('Picture').selectOption('without')
    expect(await names(page)).toEqual(['second'])
    await page.getByLabel('Picture').selectOption('')
    await page.getByLabel('Text or name').fill(' ADA ')
    expect(await names(page)).toEqual(['third'])
    await page.getByLabel('Text or name').fill('no such thing')
    expect(await status(page)).toBe('Showing 0 of 4 posts')
    expect(await axeViolations(page)).toEqual([])
    // A kind without a post is no choice.
    expect(await page.getByRole('radio', { name: /boundary and type/ }).count()).toBe(0)
    expect(heard).toEqual([])
    await context.close()
  },
)

inBrowser('an explanation opens by keyboard at what is wrong, and closes', async () => {
  const { page, context } = await browser.open(HTML)
  const button = page.locator('article').filter({ hasText: 'Kevin moved' }).getByRole('button')
  await button.focus()
  await page.keyboard.press('Enter')
  expect(await button.getAttribute('aria-expanded')).toBe('true')
  expect(await page.locator('maf-explanation #word-title').textContent()).toBe('The word moved')
  await page.getByRole('option', { name: /^Oslo/ }).click()
  // Filters leave as it is what they leave there.
  await page.getByLabel('Text or name').fill('kevin')
  expect(await page.locator('maf-explanation #word-title').textContent()).toBe('The word Oslo')
  await button.click()
  expect(await page.locator('maf-explanation').count()).toBe(0)
  expect(await button.getAttribute('aria-expanded')).toBe('false')
  await context.close()
})

inBrowser(
  'markup in a post is text: in its words, its types, its name, its pictures and the title',
  async () => {
    const evil = `<img src=x onerror=alert(1)></script><script>alert(2)</script><!--<b id="made">\u2028&lt;"'\${alert(3)}`
    const explanation = sample({
      text: `${evil} Rob`,
      entities: [['Rob', evil, 0.5]],
      pictures: [picture(evil)],
      labels: ['O', `B-${evil}`],
    })
    const whole = { type: evil, text: evil, start: 0, end: evil.length, score: 0.5 }
    const gallery: ErrorGallery = {
      ...{ scored: 1, wrong: 1, about: evil },
      classes: [{ name: evil, title: evil, meaning: evil, count: 1 }],
      posts: [{ id: evil, explanation, matches: [{ class: evil, gold: whole, predicted: whole }] }],
    }
    const html = errorsPage(gallery, { pictures: [[drawn('#3a7')]], title: evil })
    const { page, heard, context } = await browser.open(html)
    await page.getByRole('button').click()
    await page.getByRole('radio').last().check({ force: true })
    await page.getByLabel('Entity type').selectOption(evil)
    expect(await page.locator('#made, img[src=x]').count()).toBe(0)
    expect(await page.evaluate(() => document.scripts.length)).toBe(2)
    expect(await page.locator('article h2').first().textContent()).toBe(evil)
    expect(await page.locator('mark').textContent()).toBe(evil)
    expect(heard).toEqual([])
    await context.close()
  },
)

inBrowser('where nothing is wrong the page says so', async () => {
  const { page, context } = await browser.open(errorsPage({ ...GALLERY, wrong: 0, posts: [] }))
  expect(await status(page)).toBe('There is nothing to show.')
  expect(await page.getByRole('radio').count()).toBe(0)
  expect(await axeViolations(page)).toEqual([])
  await context.close()
})

test('a post takes at most 40 kB, its text and its pictures', () => {
  const text = Array.from({ length: 60 }, (_, i) => (i % 30 === 0 ? `Rob${i}` : `word${i}`)).join(' ')
  const long = sample({ text, pictures: [picture('a', 640, 640, 14, 14)], heads: 12 })
  const sizes = [0, 3].map(count => {
    const posts = Array.from({ length: count }, (_, i) => ({ id: `${i}`, explanation: long, matches: [] }))
    return Buffer.byteLength(errorsPage({ ...GALLERY, posts }))
  })
  expect(sizes[1]! - sizes[0]!).toBeLessThan(3 * 41_000)
  expect(errorsPage({ ...GALLERY, posts: [] })).not.toContain('To keep this page small')
})
