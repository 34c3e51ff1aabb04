import { trainRun } from '@mafjs/ner-maf'
import { InferenceSession } from 'onnxruntime-node'
import { startClock, type Time } from '../timing'

// A run of two epochs in a process of its own, as `ner-maf train` makes it: `first-run.ts DATA TEXT-ENCODER OUT onnx|wasm`. Prints what it
// took, and what its first step did, and how many sessions of ONNX Runtime it made.
const [data, textEncoder, out, engine] = process.argv.slice(2) as [string, string, string, string]

let sessions = 0
const { create } = InferenceSession
InferenceSession.create = (...given: unknown[]) => {
  sessions += 1
  return (create as (...given: unknown[]) => Promise<InferenceSession>).apply(InferenceSession, given)
}
const time = startClock()
let first: Time | undefined
await trainRun({
  ...{ data, textEncoder, out, randomTextEncoder: true, overwrite: true, epochs: 2, batchSize: 8 },
  ...(engine === 'wasm' ? { engine: 'tfjs', backend: 'wasm' } : { engine: 'onnx', threads: 2 }),
  onEvent({ type }) {
    if (type === 'step') first ??= time()
  },
})
console.log(JSON.stringify({ first, all: time(), sessions }))
