import { PictureError } from '@mafjs/encoders'
import { type Annotation, annotationLine, type MafAnnotator } from '@mafjs/ner-maf'
import { InvalidArgumentError } from '@mafjs/tensor/errors'
import type { Answer, ExplainFlags, Job } from '../queue/job'
import { type ReadJob, readJob } from './read-job'
import type { WorkerSetup } from './worker-messages'

type Refusal = Exclude<Answer, { status: 200 }>

/** What an error is to whoever sent the post: their words to mend, or ours, of which the log has more. */
function refusalOf(error: unknown): Refusal {
  if (error instanceof PictureError) return { status: 422, detail: error.message }
  if (error instanceof InvalidArgumentError) return { status: 400, detail: error.message }
  const { name, stack = '' } = error instanceof Error ? error : new Error(String(error))
  // A message may quote the post; the places of the code do not.
  const cause = [name, ...stack.split('\n').filter(line => /^\s+at /.test(line))].join('\n')
  return { status: 500, detail: 'The post could not be annotated; the log has the reason.', cause }
}

/** What goes back for a job: of a line always a line. */
function answerOf(job: Job, digest: string, said: object, outcome: object | Refusal): Answer {
  const isRefused = 'detail' in outcome
  if (job.kind !== 'line')
    return isRefused ? (outcome as Refusal) : { status: 200, body: JSON.stringify(outcome) }
  const result = isRefused ? { error: (outcome as Refusal).detail } : (outcome as Annotation)
  return {
    status: 200,
    body: annotationLine(job.line, digest, said, result),
    ...(isRefused && { isErrorLine: true }),
  }
}

type Setup = Pick<WorkerSetup, 'limits' | 'minScore' | 'onBrokenPicture'>

const explainOf = (job: Job): ExplainFlags | undefined => ('explain' in job ? job.explain : undefined)

/** Answers a batch of posts, in their order; what is wrong with one is its own answer. Those to be explained are read one by one. */
export async function answerJobs(
  maf: Pick<MafAnnotator, 'annotateMany' | 'explain' | 'digest'>,
  jobs: readonly Job[],
  { limits, minScore, onBrokenPicture }: Setup,
): Promise<Answer[]> {
  const read = jobs.map((job): ReadJob => readJob(job, limits))
  const posts = read.flatMap((one, i) => ('post' in one && !explainOf(jobs[i]!) ? [one.post] : []))
  const outcomes: (object | Refusal)[] = []
  try {
    const options = { batchSize: Math.max(1, posts.length), minScore, onBrokenPicture }
    for await (const result of maf.annotateMany(posts, options)) {
      outcomes.push('annotation' in result ? result.annotation : refusalOf(result.error))
    }
  } catch (error) {
    while (outcomes.length < posts.length) outcomes.push(refusalOf(error))
  }
  const answers: Answer[] = []
  for (const [i, one] of read.entries()) {
    const job = jobs[i]!
    const explain = explainOf(job)
    const outcome = async (): Promise<object | Refusal> => {
      if ('refused' in one) return one.refused
      if (!explain) return outcomes.shift()!
      return maf.explain(one.post, { ...explain, minScore, onBrokenPicture }).catch(refusalOf)
    }
    answers.push(answerOf(job, maf.digest, one.said, await outcome()))
  }
  return answers
}
