import { copyFile, mkdir, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { encodePng, renderPicture, showcasePosts } from '@mafjs/demo-corpus'
import { exportRun } from '@mafjs/ner-maf'
import { build } from 'esbuild'
import { bundleWorker } from '../page-worker/bundle-worker.mjs'
import { onnxRuntimeFolder } from '../page-worker/serve-page'
import { PLAYGROUND_PICTURES } from './choices'

/** Side of the demo's pictures, pixels. */
const SIDE = 56
/** What a page without WebGPU is served of ONNX Runtime. */
const RUNTIME_FILES = ['ort.wasm.bundle.min.mjs', 'ort-wasm-simd-threaded.wasm']

/** Writes the playground of the site: a script, the worker, ONNX Runtime, pictures, and the export of a model. */
export async function buildPlayground(model: string, out: string): Promise<void> {
  await rm(out, { recursive: true, force: true })
  await mkdir(join(out, 'pictures'), { recursive: true })
  await mkdir(join(out, 'onnxruntime'))
  await build({
    entryPoints: {
      playground: fileURLToPath(new URL('../../docs/playground/playground.ts', import.meta.url)),
    },
    outdir: out,
    ...{ bundle: true, minify: true, format: 'esm', platform: 'browser', target: 'es2022' },
    conditions: ['@mafjs/source', 'browser', 'production'],
    legalComments: 'inline',
    logLevel: 'error',
  })
  await bundleWorker(out)
  await rm(join(out, 'browser-worker.js.map'))
  for (const file of RUNTIME_FILES) {
    await copyFile(join(onnxRuntimeFolder(), file), join(out, 'onnxruntime', file))
  }
  const sizes = await Promise.all(
    RUNTIME_FILES.map(async file => (await stat(join(out, 'onnxruntime', file))).size),
  )
  await writeFile(
    join(out, 'sizes.json'),
    JSON.stringify({ runtimeBytes: sizes.reduce((sum, size) => sum + size, 0) }),
  )
  for (const { name, title } of PLAYGROUND_PICTURES) {
    const { pictureClass, pictureSeed } = showcasePosts().find(post => post.title === title)!
    const pixels = await renderPicture({ pictureClass: pictureClass!, seed: pictureSeed!, size: SIDE })
    await writeFile(join(out, 'pictures', `${name}.png`), await encodePng(pixels, SIDE))
  }
  await exportRun({ model, out: join(out, 'model'), explain: true, threads: 1 })
}
