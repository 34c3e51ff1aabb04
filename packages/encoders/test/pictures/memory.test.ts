import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { deflateSync } from 'node:zlib'
import sharp from 'sharp'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { pngBeginning, pngChunk } from './png-chunks'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'maf-pictures-'))
})
afterAll(() => rm(folder, { recursive: true }))

/** Megabytes that one picture may take. */
const MOST = 300

/** What reading a picture took in a process of its own: megabytes more than before, and what came out. */
async function readAlone(bytes: Uint8Array): Promise<{ megabytes: number; outcome: string }> {
  const path = join(folder, 'picture')
  await writeFile(path, bytes)
  const program = new URL('./read-alone.ts', import.meta.url).pathname
  const node = [
    '--import',
    new URL('../../../../tools/workspace/from-source.mjs', import.meta.url).href,
    program,
    path,
  ]
  const { stdout } = await promisify(execFile)(process.execPath, node)
  return JSON.parse(stdout)
}

it('the picture of a large camera, held upright, is read within the limit', async () => {
  const flat = { width: 8660, height: 5773, channels: 3, background: '#204060' } as const
  const jpeg = await sharp({ create: flat }).withMetadata({ orientation: 6 }).jpeg().toBuffer()
  const { megabytes, outcome } = await readAlone(jpeg)
  // Compression has its rounding.
  expect(outcome).toMatch(/^3[123],6[345],9[567]$/)
  expect(megabytes).toBeLessThan(MOST)
}, 60_000)

it('comments of a PNG that would unfold to gigabytes stay folded', async () => {
  const comment = Buffer.concat([Buffer.from('Comment\0\0'), deflateSync(Buffer.alloc(7.9e6, 'a'))])
  const pixel = pngChunk('IDAT', deflateSync(Buffer.from([0, 32, 64, 96])))
  const comments = Array<Buffer>(100).fill(pngChunk('zTXt', comment))
  const png = Buffer.concat([pngBeginning(1, 1), ...comments, pixel, pngChunk('IEND', Buffer.alloc(0))])
  const { megabytes, outcome } = await readAlone(png)
  expect(outcome).toBe('32,64,96')
  expect(megabytes).toBeLessThan(MOST)
}, 60_000)

it('a row of 67 million pixels is refused before it takes two gigabytes', async () => {
  const row = deflateSync(Buffer.alloc(1 + 2 ** 26), { level: 1 })
  const png = Buffer.concat([
    pngBeginning(2 ** 26, 1, { colour: 0 }),
    pngChunk('IDAT', row),
    pngChunk('IEND', Buffer.alloc(0)),
  ])
  const { megabytes, outcome } = await readAlone(png)
  expect(outcome).toMatch(/67108864 x 1 pixels have a side above the limit/)
  expect(megabytes).toBeLessThan(MOST)
}, 60_000)
