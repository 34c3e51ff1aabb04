import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { loadMaf } from '@mafjs/ner-maf'
import {
  PREDICTORS,
  type PredictorName,
  postFor,
  writePredictors,
} from '../../packages/ner-maf/test/load/predictors'
import { bytesPerCall } from './bytes-per-call'

// Calls every kind of predictor and prints what each call leaves behind; ends with 1 where one leaves too much. Run without V8's
// optimising compilers and with bytecode kept, as `npm run bench:leaks` does: their code is in the heap too, and comes and goes.
const BAR = 500

const { values } = parseArgs({
  options: { calls: { type: 'string', default: '3000' }, only: { type: 'string', multiple: true } },
})
const calls = Number(values.calls)
const names = Object.keys(PREDICTORS) as PredictorName[]
const chosen = (values.only as PredictorName[] | undefined) ?? names
const unknown = chosen.find(name => !(name in PREDICTORS))
if (unknown !== undefined) throw new Error(`--only must be one of ${names.join('; ')}. Received: ${unknown}.`)
if (!(Number.isInteger(calls) && calls > 0 && calls % 10 === 0)) {
  throw new Error(`--calls must be a multiple of 10 above 0. Received: ${values.calls}.`)
}

// Threads that are started from here on say what they hold.
const inThreads = fileURLToPath(new URL('thread-memory.cjs', import.meta.url))
process.env['NODE_OPTIONS'] = `--require=${JSON.stringify(inThreads)}`

const root = await mkdtemp(join(tmpdir(), 'maf-leaks-'))
try {
  await writePredictors(root)
  console.log(`bytes per call over ${calls} calls, at most ${BAR} of each`)
  for (const name of chosen) {
    const [folder, engine, pictures] = PREDICTORS[name]
    const maf = await loadMaf(join(root, folder), engine)
    const post = postFor(root, name)
    // What encodes pictures outside of the model has a thread of its own.
    const threads = 'worker' in engine ? (folder === 'frozen' || pictures > 1 ? 2 : 1) : 0
    const { signal } = new AbortController()
    const call = async (index: number): Promise<void> => {
      if (index % 2 === 0) await maf.annotate(post, { signal })
      else for await (const _ of maf.annotateMany([post], { signal }));
    }
    const { arrayBuffers, heap } = await bytesPerCall(call, { calls, threads })
    await maf.dispose()
    const isOver = Math.max(arrayBuffers, heap) > BAR
    if (isOver) process.exitCode = 1
    const figures = `${arrayBuffers.toFixed(0).padStart(6)} array buffers ${heap.toFixed(0).padStart(6)} heap`
    console.log(`${name.padEnd(38)} ${figures}${isOver ? '   above the bar' : ''}`)
  }
} finally {
  await rm(root, { recursive: true })
}
