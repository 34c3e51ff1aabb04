import { annotateLines, type OutputLine } from '../annotate-lines'
import type { LineJob, LoadedModel } from './line-job'

/** What stands in the place of a line that ends every process which computes it. */
export async function poisonLine(
  { lines, ...source }: LineJob,
  { message }: Error,
  { digest }: LoadedModel,
): Promise<OutputLine[]> {
  const error = new Error(`The process that computed this post ended (${message}), and so did the next.`)
  const refusing: Parameters<typeof annotateLines>[0] = {
    digest,
    async *annotateMany(posts) {
      for await (const post of posts) yield { post, error }
    },
  }
  const outputs: OutputLine[] = []
  for await (const output of annotateLines(refusing, lines, source)) outputs.push(output)
  return outputs
}
