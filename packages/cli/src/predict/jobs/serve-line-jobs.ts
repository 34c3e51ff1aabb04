import { loadMaf, type MafAnnotator } from '@mafjs/ner-maf'
import { answerParent } from '@mafjs/tensor/processes'
import { annotateLines, type OutputLine } from '../annotate-lines'
import { remarksOf } from '../remarks'
import type { LineJob, LineWorkerSetup, LoadedModel, ToLineWorker } from './line-job'

/** The side of a process that annotates lines. */
export function serveLineJobs(): void {
  let opened: { maf: MafAnnotator; setup: LineWorkerSetup } | undefined

  const open = async (setup: LineWorkerSetup): Promise<LoadedModel> => {
    const maf = await loadMaf(setup.model, setup.load)
    opened = { maf, setup }
    const { readsPictures, digest } = maf
    return { readsPictures, digest, remarks: remarksOf(maf, setup.unnamed) }
  }
  const annotate = async ({ lines, ...source }: LineJob): Promise<OutputLine[]> => {
    const { maf, setup } = opened!
    const outputs: OutputLine[] = []
    for await (const output of annotateLines(maf, lines, { ...setup.options, ...source }))
      outputs.push(output)
    return outputs
  }
  answerParent<ToLineWorker>(
    async message => ('setup' in message ? open(message.setup) : annotate(message.job)),
    { untilReleased: true },
  )
}
