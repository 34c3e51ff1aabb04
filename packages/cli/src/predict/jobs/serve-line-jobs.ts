import { loadMaf, type MafAnnotator } from '@mafjs/ner-maf'
import { annotateLines } from '../annotate-lines'
import { remarksOf } from '../remarks'
import type { FromLineWorker, LineJob, LineWorkerSetup, ToLineWorker } from './line-job'

/** The side of a process that annotates lines: does jobs as they come until its parent lets go of it, or is gone. */
export function serveLineJobs(): void {
  process.once('disconnect', () => process.exit())
  // A terminal tells all its processes of Ctrl-C; when this one ends, its parent says.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {})
  let opened: { maf: MafAnnotator; setup: LineWorkerSetup } | undefined

  const open = async (setup: LineWorkerSetup): Promise<FromLineWorker> => {
    const maf = await loadMaf(setup.model, setup.load)
    opened = { maf, setup }
    const { readsPictures, digest } = maf
    return { loaded: { readsPictures, digest, remarks: remarksOf(maf, setup.unnamed) } }
  }
  const annotate = async ({ lines, first }: LineJob): Promise<FromLineWorker> => {
    const { maf, setup } = opened!
    const outputs = []
    for await (const output of annotateLines(maf, lines, { ...setup.options, first })) outputs.push(output)
    return { outputs }
  }
  process.on('message', async (message: ToLineWorker) => {
    const reply = 'setup' in message ? open(message.setup) : annotate(message.job)
    process.send!(
      await reply.catch(({ name, message, stack = message }: Error) => ({
        failure: { name, message, stack },
      })),
    )
  })
}
