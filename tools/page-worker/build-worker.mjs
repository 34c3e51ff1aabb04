// @ts-check
import { fileURLToPath } from 'node:url'
import { bundleWorker } from './bundle-worker.mjs'

// The second half of the build of @mafjs/ner-maf: its `./browser` and the worker that this starts, each in one piece.
const dist = fileURLToPath(new URL('../../packages/ner-maf/dist/', import.meta.url))
const { bytes, imports } = await bundleWorker(dist, { page: true })
const others = imports.filter(path => !path.startsWith('onnxruntime-web/'))
if (others.length > 0)
  throw new Error(`The worker of a page imports ${others.join(', ')}, which a page does not have.`)
console.log(`browser-worker.js: ${bytes} bytes`)
