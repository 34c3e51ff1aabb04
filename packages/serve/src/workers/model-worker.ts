import { describeEngine, useEngine } from '@mafjs/compile/engine'
import { loadMaf, type MafAnnotator } from '@mafjs/ner-maf'
import { answerParent } from '@mafjs/tensor/processes'
import { answerJobs } from './answer-jobs'
import type { LoadedModel, ToWorker, WorkerSetup } from './worker-messages'

// A process of its own: what computes here never keeps the server from answering others.
let opened: { maf: MafAnnotator; setup: WorkerSetup } | undefined

async function open(setup: WorkerSetup): Promise<LoadedModel> {
  const { name } = await useEngine(setup.load)
  // tfjs computes on one thread by itself, and takes no number; TensorFlow's is in the environment.
  const maf = await loadMaf(setup.model, { ...setup.load, ...(name === 'onnx' && { threads: 1 }) })
  opened = { maf, setup }
  const { digest, types, readsPictures, engine, notes } = maf
  return { digest, types: [...types], readsPictures, engine: describeEngine(engine), notes: [...notes] }
}

answerParent<ToWorker>(
  async message =>
    'setup' in message ? open(message.setup) : answerJobs(opened!.maf, message.batch, opened!.setup),
  { untilReleased: true },
)
