import { parseArgs } from 'node:util'
import { useEngine } from '@mafjs/ner-maf'
import { compareWays, splitPairs } from './compare'
import { drawPairs } from './draw-pairs'
import { formatTable } from './format-table'
import { realPairs } from './real-pairs'

const { values } = parseArgs({
  options: {
    data: { type: 'string' },
    'text-encoder': { type: 'string' },
    'image-encoder': { type: 'string' },
    'regions-output': { type: 'string', default: 'features' },
    'feature-cache': { type: 'string' },
  },
})
await useEngine({ engine: 'onnx', threads: 1 })
const pairs = await realPairs({ data: values.data!, textEncoder: values['text-encoder']!, imageEncoder: values['image-encoder']!, regionsOutput: values['regions-output']!, onNote: console.error })
import { writeFileSync } from 'node:fs'
writeFileSync(process.env.OUT!, Buffer.concat([Buffer.from(JSON.stringify([pairs.text.shape, pairs.image.shape]).padEnd(64)), Buffer.from(pairs.text.data.buffer), Buffer.from(pairs.image.data.buffer)]))
