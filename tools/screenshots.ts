import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { run } from '@mafjs/cli'
import { createDemoCorpus, type DemoPost, encodePng, writeDemoCorpus } from '@mafjs/demo-corpus'
import { loadMaf } from '@mafjs/ner-maf'
import type { Page } from 'playwright-core'
import sharp from 'sharp'
import { chromiumPath, startChromium } from './browser/chromium'

// npm run screenshots -- --model DIR: photographs the pages of explain and of errors, of the demo's own posts, for README and guide.

const IMAGES = new URL('../docs/images/', import.meta.url)
/** Bytes that a picture in a README may take. */
const MOST = 120_000
/** The demo's pictures are drawn larger than the model reads them, so that a person sees what they show. */
const SIDE = 384

const { values } = parseArgs({ options: { model: { type: 'string' } } })
const { model } = values
if (model === undefined) throw new Error('Give --model, the folder of a model that ner-maf demo trained.')

const folder = await mkdtemp(join(tmpdir(), 'maf-screenshots-'))
const executablePath = chromiumPath()
if (executablePath === undefined) throw new Error('Install Chromium, or name it in CHROMIUM.')
const browser = await startChromium(executablePath)

/** Runs a command of ours. */
async function command(...args: string[]): Promise<void> {
  if ((await run(args)) !== 0) throw new Error(`ner-maf ${args[0]} failed.`)
}

/**
 * The post of an animal or a thing whose name the model reads right and, without the picture, as another type: of those the one in which
 * hiding one region takes the most.
 */
async function decidedByPicture(
  posts: readonly DemoPost[],
  draw: (post: DemoPost) => Promise<Uint8Array>,
): Promise<DemoPost> {
  const maf = await loadMaf(model!)
  let best: { post: DemoPost; fall: number } | undefined
  const fitting = posts.filter(
    ({ kind, pictureClass, text }) =>
      // Not every machine has letters for pictographs.
      kind === 'picture' && pictureClass === 'MISC' && !/\p{Extended_Pictographic}/u.test(text),
  )
  for (const post of fitting) {
    const at = post.offsets[post.entities.find(({ decidedBy }) => decidedBy === 'picture')!.start]![0]
    const asked = { withoutPicture: true, occlusion: true }
    const { whatIf, words } = await maf.explain({ text: post.text, image: await draw(post) }, asked)
    const isDecided = whatIf[0]!.changes.some(
      ({ kind, before }) => kind === 'type' && before!.type === 'MISC' && before!.start === at,
    )
    const fall = isDecided ? Math.max(...words.find(({ start }) => start === at)!.occlusion!) : 0
    if (fall > (best?.fall ?? 0)) best = { post, fall }
  }
  await maf.dispose()
  if (!best) throw new Error(`No picture decides in ${model}: train it with ner-maf demo.`)
  return best.post
}

/** Photographs a page as it stands after `prepare`; all of it, or what of it is so high. */
async function photograph(
  file: string,
  name: string,
  prepare: (page: Page) => Promise<void>,
  height?: number,
): Promise<void> {
  const viewport = { width: 1100, height: height ?? 1000 }
  const page = await browser.newPage({ viewport, deviceScaleFactor: 1.5 })
  await page.goto(pathToFileURL(file).href)
  await prepare(page)
  await page.waitForFunction('document.getAnimations().length === 0')
  const target = fileURLToPath(new URL(name, IMAGES))
  await sharp(await page.screenshot({ fullPage: height === undefined }))
    .webp({ quality: 80, effort: 6 })
    .toFile(target)
  const { size } = await stat(target)
  console.log(`${relative('.', target)}: ${Math.ceil(size / 1000)} kB`)
  if (size > MOST) throw new Error(`${name} takes more than ${MOST / 1000} kB.`)
}

try {
  const corpus = createDemoCorpus()
  const draw = async (post: DemoPost) => encodePng((await corpus.pictures(post, SIDE))!, SIDE)
  const post = await decidedByPicture(corpus.test, draw)
  const person = corpus.test.find(({ kind, pictureClass }) => kind === 'picture' && pictureClass === 'PER')!
  const paths = await Promise.all(
    [post, person].map(async one => {
      const path = join(folder, `${one.id}.png`)
      await writeFile(path, await draw(one))
      return path
    }),
  )
  const explained = join(folder, 'post.html')
  const read = ['--text', post.text, '--image', paths[0]!, '--other-image', paths[1]!]
  await command('explain', '--model', model, ...read, '--out', explained)
  await photograph(explained, 'explain.webp', page =>
    page.getByRole('radio', { name: 'Occlusion' }).check({ force: true }),
  )

  const data = join(folder, 'demo-corpus')
  // Pictures of the test split alone: no other is shown.
  const { images } = await writeDemoCorpus(data, { ...corpus, train: [], valid: [] }, { size: SIDE })
  await Promise.all(['train.txt', 'valid.txt'].map(name => rm(join(data, name))))
  const errors = join(folder, 'errors.html')
  await command('evaluate', '--model', model, '--data', data, '--images', images, '--explain', errors)
  await photograph(
    errors,
    'errors.webp',
    page => page.getByRole('radio', { name: /^type/ }).check({ force: true }),
    880,
  )
} finally {
  await browser.close()
  await rm(folder, { recursive: true })
}
