import { type ChildProcess, fork } from 'node:child_process'
import { useBackend } from '../engine/use-backend'
import { createDemoWorker, type DemoJob, type DemoJobResult } from './demo-job'

/** The hidden command with which the command line starts itself as a worker. */
export const WORKER_COMMAND = 'demo-worker'

type Reply = DemoJobResult | { failure: string }

/** The worker's side: does jobs as they come until its parent lets go of it. */
export async function serveDemoJobs(): Promise<void> {
  await useBackend()
  const work = createDemoWorker()
  process.on('message', async (job: DemoJob) => {
    const reply: Reply = await work(job).catch(error => ({
      failure: (error as Error).stack ?? String(error),
    }))
    process.send!(reply)
  })
  await new Promise(resolve => process.once('disconnect', resolve))
}

/** One answer of a worker, or the news that it died. */
const nextReply = (child: ChildProcess): Promise<Reply> =>
  new Promise((resolve, reject) => {
    const died = (code: number | null, signal: string | null): void =>
      reject(new Error(`A training process ended before it was done (${signal ?? `exit code ${code}`}).`))
    child.once('exit', died)
    child.once('message', reply => {
      child.off('exit', died)
      resolve(reply as Reply)
    })
  })

/**
 * Does jobs in processes side by side: tfjs's wasm backend computes on one thread, so two trainings fill two cores.
 *
 * @param onDone called after every job, in the order they end
 * @returns the results in the order of the jobs
 * @throws Error of the first job that fails.
 */
export async function runDemoJobs(
  jobs: readonly DemoJob[],
  { processes = 2, onDone = () => {} }: { processes?: number; onDone?: (result: DemoJobResult) => void } = {},
): Promise<DemoJobResult[]> {
  const results = new Array<DemoJobResult>(jobs.length)
  const queue = jobs.entries()
  const children = Array.from({ length: Math.min(processes, jobs.length) }, () =>
    fork(process.argv[1]!, [WORKER_COMMAND]),
  )
  try {
    await Promise.all(
      children.map(async child => {
        for (const [index, job] of queue) {
          child.send(job)
          const reply = await nextReply(child)
          if ('failure' in reply) throw new Error(reply.failure)
          results[index] = reply
          onDone(reply)
        }
      }),
    )
    return results
  } finally {
    for (const child of children) child.kill()
  }
}
