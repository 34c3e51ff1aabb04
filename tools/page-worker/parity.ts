import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { createDemoCorpus, type DemoPost, encodePng } from '@mafjs/demo-corpus'
import { quantile } from '@mafjs/evaluate'
import { type Annotation, exportRun, loadMaf } from '@mafjs/ner-maf'
import type { Page } from 'playwright-core'
import sharp from 'sharp'
import { chromiumPath, startChromium } from '../browser/chromium'
import { bundleWorker } from './bundle-worker.mjs'
import { OWN_TEXTS } from './own-texts'
import { ISOLATED, onnxRuntimeFolder, servePage } from './serve-page'

// What a page answers beside what Node answers, on the same posts: `npm run browser-parity -- --model DIR`.

/** Side of the demo's pictures, pixels. */
const SIDE = 56
const POSTS_EN = fileURLToPath(new URL('../../models/posts-en/model', import.meta.url))
const RESULTS = fileURLToPath(new URL('../../benchmarks/results/', import.meta.url))

const { values } = parseArgs({
  options: { model: { type: 'string' }, posts: { type: 'string', default: '200' } },
})
if (!values.model) throw new Error('Give --model, such as the folder of a model that ner-maf demo trained.')
const executablePath = chromiumPath()
if (executablePath === undefined) {
  console.log('SKIPPED: no Chromium here. Install it, or name it in CHROMIUM.')
  process.exit(0)
}

const root = await mkdtemp(join(tmpdir(), 'maf-parity-'))
const pictures = join(root, 'pictures')
await mkdir(pictures)
await bundleWorker(join(root, 'maf'), { page: true })
await exportRun({ model: values.model, out: join(root, 'demo'), threads: 1 })
const corpus = createDemoCorpus()
const count = Number(values.posts)
const pictured: { post: DemoPost; name: string }[] = []
for (const post of corpus.test) {
  if (pictured.length === count) break
  const pixels = await corpus.pictures(post, SIDE)
  if (!pixels) continue
  const name = String(pictured.length)
  const png = await encodePng(pixels, SIDE)
  await writeFile(join(pictures, `${name}.png`), png)
  await sharp(png)
    .jpeg({ quality: 90 })
    .toFile(join(pictures, `${name}.jpg`))
  pictured.push({ post, name })
}
const texts = [...OWN_TEXTS, ...corpus.test.map(({ text }) => text)].slice(0, count)

const folders = {
  ...{ maf: join(root, 'maf'), ort: onnxRuntimeFolder(), pictures },
  ...{ demo: join(root, 'demo'), 'posts-en': POSTS_EN },
}
const plain = await servePage({ folders })
const isolated = await servePage({ folders, headers: ISOLATED })
const browser = await startChromium(executablePath)

/** A post as either side is given it. */
interface Given {
  text: string
  picture?: string
}

interface InPage {
  said: Annotation[]
  load: number
  times: number[]
  notes: string[]
}

async function inPage(origin: string, model: string, given: readonly Given[], threads = 1): Promise<InPage> {
  const page: Page = await browser.newPage()
  page.setDefaultTimeout(0)
  await page.goto(origin)
  await page.waitForFunction('globalThis.loadMaf')
  const all = JSON.stringify({ model, given, threads })
  const result = await page.evaluate<InPage>(`(async ({ model, given, threads }) => {
    const start = performance.now()
    const maf = await loadMaf(model, { runtime: '/ort', device: 'wasm', threads })
    const load = performance.now() - start
    const said = []
    const times = []
    for (const { text, picture } of given) {
      const image = picture && await (await fetch('/pictures/' + picture)).blob()
      const before = performance.now()
      said.push(await maf.annotate({ text, ...(image && { image }) }))
      times.push(performance.now() - before)
    }
    await maf.dispose()
    return JSON.parse(JSON.stringify({ said, load, times, notes: maf.notes }))
  })(${all})`)
  await page.close()
  return result
}

async function inNode(
  model: string,
  given: readonly Given[],
): Promise<{ said: Annotation[]; times: number[] }> {
  const maf = await loadMaf(model, { engine: 'onnx', threads: 1 })
  const said: Annotation[] = []
  const times: number[] = []
  for (const { text, picture } of given) {
    const before = performance.now()
    said.push(await maf.annotate({ text, ...(picture && { image: join(pictures, picture) }) }))
    times.push(performance.now() - before)
  }
  await maf.dispose()
  return { said, times }
}

const placesOf = ({ entities }: Annotation): string =>
  JSON.stringify(entities.map(({ type, text, start, end }) => [type, text, start, end]))

/** How far two sides' answers are from each other. */
function compare(one: readonly Annotation[], other: readonly Annotation[]) {
  const same = one.map((said, i) => placesOf(said) === placesOf(other[i]!))
  const gaps = one.flatMap((said, i) => {
    const match = Math.abs((said.match ?? 0) - (other[i]!.match ?? 0))
    const scores = same[i]
      ? said.entities.map(({ score }, k) => Math.abs(score - other[i]!.entities[k]!.score))
      : []
    return [match, ...scores]
  })
  return {
    posts: one.length,
    entities: one.reduce((sum, { entities }) => sum + entities.length, 0),
    postsWithSameEntitiesAndOffsets: same.filter(Boolean).length,
    largestGap: Math.max(...gaps),
    gapOf95Percent: quantile(gaps, 0.95),
  }
}

const median = (times: readonly number[]): number => Number(quantile(times, 0.5).toFixed(2))
const files = (suffix: string): Given[] =>
  pictured.map(({ post: { text }, name }) => ({ text, picture: `${name}.${suffix}` }))
const tasks = {
  'float32, PNG': { path: join(root, 'demo'), model: '/demo', given: files('png') },
  'float32, JPEG': { path: join(root, 'demo'), model: '/demo', given: files('jpg') },
  'posts-en, int8': { path: POSTS_EN, model: '/posts-en', given: texts.map(text => ({ text })) },
}
const result: Record<string, object> = {}
for (const [name, { path, model, given }] of Object.entries(tasks)) {
  const node = await inNode(path, given)
  const page = await inPage(plain.origin, model, given)
  const threaded = await inPage(isolated.origin, model, given, 2)
  result[name] = {
    ...compare(node.said, page.said),
    withTwoThreads: compare(node.said, threaded.said).postsWithSameEntitiesAndOffsets,
    msPerPost: { node: median(node.times), page: median(page.times), pageTwoThreads: median(threaded.times) },
    msToLoad: { page: Math.round(page.load), pageTwoThreads: Math.round(threaded.load) },
  }
  console.log(name, result[name])
}
await browser.close()
await Promise.all([plain.close(), isolated.close()])
await rm(root, { recursive: true })
const machine = { processor: cpus()[0]?.model.trim(), node: process.version, browser: browser.version() }
await writeFile(join(RESULTS, 'browser-parity.json'), `${JSON.stringify({ machine, ...result }, null, 2)}\n`)
