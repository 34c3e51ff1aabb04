import { describeEngine, useEngine } from '@mafjs/compile/engine'
import { loadMaf, type MafAnnotator } from '@mafjs/ner-maf'
import { answerJobs } from './answer-jobs'
import type { FromWorker, ToWorker, WorkerSetup } from './worker-messages'

// A process of its own: what computes here never keeps the server from answering others.
const send = (message: FromWorker): void => {
  process.send?.(message)
}

// Ctrl-C goes to all processes of a terminal; when a worker ends, its parent says.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {})
process.once('disconnect', () => process.exit())

let opened: { maf: MafAnnotator; setup: WorkerSetup } | undefined

async function open(setup: WorkerSetup): Promise<void> {
  try {
    const { name } = await useEngine(setup.load)
    // tfjs computes on one thread by itself, and takes no number; TensorFlow's is in the environment.
    const maf = await loadMaf(setup.model, { ...setup.load, ...(name === 'onnx' && { threads: 1 }) })
    opened = { maf, setup }
    const { digest, types, readsPictures, engine, notes } = maf
    send({
      loaded: { digest, types: [...types], readsPictures, engine: describeEngine(engine), notes: [...notes] },
    })
  } catch (error) {
    send({ failed: error instanceof Error ? `${error.name}: ${error.message}` : String(error) })
  }
}

process.on('message', async (message: ToWorker) => {
  if ('setup' in message) await open(message.setup)
  else send({ answers: await answerJobs(opened!.maf, message.batch, opened!.setup) })
})
