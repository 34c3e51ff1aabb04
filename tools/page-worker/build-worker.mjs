// @ts-check
import { fileURLToPath } from 'node:url'
import { bundleWorker } from './bundle-worker.mjs'

// The second half of the build of @mafjs/ner-maf: the worker that its `./browser` starts, in one piece.
const dist = fileURLToPath(new URL('../../packages/ner-maf/dist/', import.meta.url))
const { bytes, imports } = await bundleWorker(dist)
const others = imports.filter(path => !path.startsWith('onnxruntime-web/'))
if (others.length > 0)
  throw new Error(`The worker of a page imports ${others.join(', ')}, which a page does not have.`)
console.log(`browser-worker.js: ${bytes} bytes`)
