import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { useBackend } from '@mafjs/compile/engine'
import { exportRun, loadMaf } from '@mafjs/ner-maf'
import type { Browser, Page } from 'playwright-core'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { chromiumPath, startChromium } from '../browser/chromium'
import type { FileServer } from '../browser/serve-files'
import { bundleWorker } from '../page-worker/bundle-worker.mjs'
import { ISOLATED, onnxRuntimeFolder, servePage } from '../page-worker/serve-page'
import { writeMaf } from '../tiny-world/write-maf'
import { writeNoise } from '../tiny-world/write-noise'

const POSTS_EN = fileURLToPath(new URL('../../models/posts-en/model', import.meta.url))

const executablePath = chromiumPath()
if (executablePath === undefined) {
  console.warn('SKIPPED: no model ran in a page. Install Chromium, or name it in CHROMIUM.')
}

let root: string
let texts: string[]
let browser: Browser
let server: FileServer
/** What the worker still imports. */
let imports: string[]

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'maf-page-'))
  imports = (await bundleWorker(join(root, 'maf'), { page: true })).imports
  if (executablePath === undefined) return
  await useBackend('cpu')
  texts = await writeMaf(join(root, 'checkpoint'))
  await exportRun({ model: join(root, 'checkpoint'), out: join(root, 'model'), explain: true, threads: 1 })
  await cp(join(root, 'model'), join(root, 'damaged'), { recursive: true })
  const bytes = await readFile(join(root, 'damaged/model.onnx'))
  bytes[bytes.length - 1]! ^= 1
  await writeFile(join(root, 'damaged/model.onnx'), bytes)
  for (const name of ['one.png', 'two.png']) await writeNoise(join(root, name), 90)
  await sharp(join(root, 'one.png'))
    .resize(120, 64)
    .jpeg()
    .withMetadata({ orientation: 6 })
    .toFile(join(root, 'turned.jpg'))
  const folders = {
    ...{ maf: join(root, 'maf'), ort: onnxRuntimeFolder(), 'posts-en': POSTS_EN, pictures: root },
    ...{ model: join(root, 'model'), damaged: join(root, 'damaged') },
  }
  server = await servePage({ folders })
  browser = await startChromium(executablePath)
})
afterAll(async () => {
  await browser?.close()
  await server?.close()
  await rm(root, { recursive: true })
})

/** What a page complained of. */
const complaints: string[] = []

async function openPage(origin = server.origin): Promise<Page> {
  const page = await browser.newPage()
  page.on('console', message => {
    if (!message.text().includes('404')) complaints.push(message.text())
  })
  page.on('pageerror', ({ message }) => complaints.push(message))
  await page.goto(origin)
  await page.waitForFunction('globalThis.loadMaf')
  return page
}

/** Runs the body of a function in a page; what it throws comes back as its name and message. */
const inPage = <Given, Result>(page: Page, body: string, given?: Given): Promise<Result> =>
  page.evaluate(
    `(async (given) => { try { ${body} } catch (error) { return { name: error.name, message: error.message } } })(${JSON.stringify(given ?? null)})`,
  )

test('the worker of a page imports ONNX Runtime and nothing else', () => {
  expect(imports.sort()).toEqual(['onnxruntime-web/wasm', 'onnxruntime-web/webgpu'])
})

describe.skipIf(executablePath === undefined)(
  'in Chromium, under the strictest policy',
  { timeout: 180_000 },
  () => {
    const TEXTS = [
      'Rihanna 🎤 sings in Oslo 🇳🇴 tonight with 👩‍👩‍👧 from Paris',
      '北京 welcomes Angela Merkel，she met 李克强 in 上海',
      'Cafe\u0301 Mu\u0308ller in Zu\u0308rich hosts Bjo\u0308rk',
      'محمد صلاح plays for Liverpool in القاهرة',
      `Yesterday ${'Rihanna flew from London to Paris . '.repeat(40)}`,
      '   ',
      '@NASA #Mars: https://t.co/x rover "Perseverance" lands',
      'ΟΔΥΣΣΕΥΣ visits İstanbul and ﬁnds Straße\u00a0Berlin',
    ]

    test('posts-en: the same entities at the same offsets as in Node, in int8', async () => {
      const page = await openPage()
      const [loaded, ...said] = await inPage<string[], { entities: { score: number }[] }[]>(
        page,
        `const maf = await loadMaf('/posts-en', { runtime: '/ort' })
       const said = [maf]
       for (const text of given) said.push(await maf.annotate({ text }))
       return JSON.parse(JSON.stringify(said))`,
        TEXTS,
      )
      expect(loaded).toMatchObject({
        device: 'wasm',
        threads: 1,
        types: ['LOC', 'MISC', 'ORG', 'PER'],
        notes: [expect.stringMatching(/^WebAssembly computes: .+\.$/)],
      })
      const maf = await loadMaf(POSTS_EN, { engine: 'onnx', threads: 1 })
      for (const [i, text] of TEXTS.entries()) {
        const { entities, ...rest } = await maf.annotate({ text })
        // A step of rounding more or less in an activation moves a score by a hundredth or two: `npm run browser-parity` prints how far.
        const near = entities.map(entity => ({ ...entity, score: expect.closeTo(entity.score, 1) }))
        expect(said[i]).toEqual({ ...rest, entities: near })
      }
      await maf.dispose()
      await page.close()
    })

    test('float32 with pictures: annotations and explanations as in Node, scores to 1e-4', async () => {
      const page = await openPage()
      const given = texts.slice(0, 4)
      const said = await inPage<string[], unknown[]>(
        page,
        `const maf = await loadMaf(new URL('/model/', location.href), { runtime: '/ort', device: 'wasm' })
       const blob = async name => (await fetch(name)).blob()
       const png = await blob('/pictures/one.png')
       const [a, b, c, d] = given
       return JSON.parse(JSON.stringify([
         await maf.annotate({ text: a, image: png }),
         await maf.annotate({ text: b, images: ['/pictures/one.png', new Uint8Array(await (await blob('/pictures/two.png')).arrayBuffer())] }),
         await maf.annotate({ text: c, image: await createImageBitmap(png) }),
         await maf.explain({ text: d, image: png }, { occlusion: true, withoutPicture: true, otherPicture: '/pictures/two.png' }),
       ]))`,
        given,
      )
      const maf = await loadMaf(join(root, 'model'), { engine: 'onnx', threads: 1 })
      const [one, two] = [join(root, 'one.png'), join(root, 'two.png')]
      const [a, b, c, d] = given as [string, string, string, string]
      const expected = [
        await maf.annotate({ text: a, image: one }),
        await maf.annotate({ text: b, images: [one, two] }),
        await maf.annotate({ text: c, image: one }),
        await maf.explain(
          { text: d, image: one },
          { occlusion: true, withoutPicture: true, otherPicture: two },
        ),
      ]
      await maf.dispose()
      const near = JSON.parse(JSON.stringify(expected), (name, value) => {
        // Pictures are called by what was given.
        if (name === 'name') return expect.any(String)
        return typeof value === 'number' && !Number.isInteger(value) ? expect.closeTo(value, 4) : value
      })
      expect(expected[0]).toMatchObject({ match: expect.any(Number) })
      expect(said).toEqual(near)
      await page.close()
    })

    test('a JPEG is upright by its EXIF', async () => {
      const page = await openPage()
      const [said] = await inPage<
        string,
        { upright: unknown; pictures: { width: number; height: number; seen: object }[] }[]
      >(
        page,
        `const maf = await loadMaf('/model', { runtime: '/ort' })
       return [await maf.explain({ text: given, image: '/pictures/turned.jpg' })]`,
        texts[0]!,
      )
      const maf = await loadMaf(join(root, 'model'), { engine: 'onnx', threads: 1 })
      const { pictures } = await maf.explain({ text: texts[0]!, image: join(root, 'turned.jpg') })
      await maf.dispose()
      const { name: _, ...seen } = pictures[0]!
      expect(seen).toMatchObject({ width: 64, height: 120 })
      expect(said!.pictures).toEqual([expect.objectContaining(seen)])
      await page.close()
    })

    test('files are kept by their digest; what is damaged there is fetched anew, and other bytes are refused by name', async () => {
      const page = await openPage()
      const load = (from: string): Promise<{ name?: string; message?: string; files: [string, boolean][] }> =>
        inPage(
          page,
          `const files = []
         const maf = await loadMaf(given, { runtime: '/ort', onProgress: ({ file, fromCache }) => files.push([file, fromCache]) })
         await maf.dispose()
         return { files: [...new Map(files)] }`,
          from,
        )
      await inPage(page, "await caches.delete('mafjs')")
      const names = ['tokenizer.json', 'model.onnx']
      const from = (cached: boolean) => names.map(name => [name, cached])
      expect((await load('/model')).files).toEqual([['config.json', false], ...from(false)])
      expect((await load('/model')).files).toEqual([['config.json', false], ...from(true)])
      const kept = await inPage(
        page,
        `const cache = await caches.open('mafjs')
       const keys = await cache.keys()
       for (const key of keys) await cache.put(key, new Response(new Uint8Array(9)))
       return keys.length`,
      )
      expect(kept).toBe(2)
      expect((await load('/model')).files).toEqual([['config.json', false], ...from(false)])
      expect((await load('/model')).files).toEqual([['config.json', false], ...from(true)])
      await inPage(page, "await caches.delete('mafjs')")
      expect(await load('/damaged')).toMatchObject({
        name: 'InvalidArgumentError',
        message: expect.stringMatching(
          /^model\.onnx must be the file whose SHA-256 is [0-9a-f]{64}\. Received: [0-9a-f]{64}/,
        ),
      })
      expect(await load('/nowhere')).toMatchObject({
        name: 'InvalidArgumentError',
        message: expect.stringMatching(/nowhere\/config\.json must be there.*404/),
      })
      await page.close()
    })

    test('what cannot be is refused with a word: pictures, addresses, options, calls too late, signals', async () => {
      const page = await openPage()
      const messages = await inPage<string, string[]>(
        page,
        `const refused = async make => { try { await make(); return 'nothing was wrong' } catch (error) { return error.name + ': ' + error.message } }
       const maf = await loadMaf('/model', { runtime: '/ort', threads: 8 })
       const text = given
       const aborted = new AbortController()
       const waiting = refused(() => maf.explain({ text, image: '/pictures/one.png' }, { occlusion: true, signal: aborted.signal }))
       aborted.abort(new Error('enough'))
       const skipped = await maf.annotate({ text, image: new Uint8Array([1, 2, 3]) }, { onBrokenPicture: 'skip' })
       const all = [
         await waiting,
         skipped.skippedPictures[0].reason,
         maf.notes[0],
         await refused(() => maf.annotate({ text, image: new Uint8Array([1, 2, 3]) })),
         await refused(() => maf.annotate({ text, image: 'https://example.org/a.png' })),
         await refused(() => maf.annotate({ text, image: 5 })),
         await refused(() => maf.annotate({ texts: text })),
         await refused(() => maf.annotate({ text }, { minScore: 2 })),
         await refused(() => loadMaf('/model', { device: 'tpu' })),
         await refused(() => loadMaf('/model', { runtime: '/nowhere' })),
         await refused(() => loadMaf('/model', { worker: '/nowhere.js' })),
         await refused(() => loadMaf('/model', { signal: AbortSignal.abort(new Error('never begun')) })),
       ]
       await maf.dispose()
       all.push(await refused(() => maf.annotate({ text })))
       return all`,
        texts[0]!,
      )
      const expected = [
        /^Error: enough/,
        /^image: this browser cannot decode it/,
        /^One thread computes, not 8: the page is not isolated/,
        /^PictureError: image: this browser cannot decode it/,
        /^InvalidArgumentError: image must be an address of the page's own origin. Received: https:\/\/example.org/,
        /^InvalidArgumentError: image must be a Blob/,
        /^InvalidArgumentError: text must be a string/,
        /^InvalidArgumentError: minScore must be from 0 to 1/,
        /^InvalidArgumentError: device must be one of auto, webgpu, wasm/,
        /^InvalidArgumentError: runtime must be the address of a folder/,
        /^Error: The worker of the model failed/,
        /^Error: never begun/,
        /^InvalidArgumentError: model must not be used after dispose/,
      ]
      expect(messages).toEqual(expected.map(pattern => expect.stringMatching(pattern)))
      await page.close()
    })

    test('an isolated page computes with threads', async () => {
      const isolated = await servePage({
        folders: { maf: join(root, 'maf'), ort: onnxRuntimeFolder(), model: join(root, 'model') },
        headers: ISOLATED,
      })
      const page = await openPage(isolated.origin)
      const said = await inPage(
        page,
        `const maf = await loadMaf('/model', { runtime: '/ort', threads: 2, device: 'wasm' })
       const { entities } = await maf.annotate({ text: given })
       return { threads: maf.threads, notes: maf.notes, some: entities.length > 0 }`,
        texts[0]!,
      )
      expect(said).toEqual({ threads: 2, notes: [], some: true })
      await page.close()
      await isolated.close()
    })

    test('no page complained of its policy', () => {
      expect(complaints.filter(text => /policy|blocked|violat/i.test(text))).toEqual([])
    })
  },
)
