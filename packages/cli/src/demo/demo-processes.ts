import { type Engine, type EngineOptions, threadsOf, useEngine } from '@mafjs/compile/engine'
import { type AnsweringProcess, answerParent, ProcessGoneError, startProcess } from '@mafjs/tensor/processes'
import { createDemoWorker, type DemoJob, type DemoJobResult } from './demo-job'
import { DEMO_VARIANTS } from './demo-variants'
import { WORKER_COMMAND } from './worker-command'

/** All variants are trained side by side: their kernels are too small for threads to share, and all cores stay busy. */
export const PROCESSES = DEMO_VARIANTS.length

/** The engine of the demo's processes. */
export type DemoEngine = Pick<EngineOptions, 'engine' | 'backend' | 'threads'>

/**
 * How an engine's threads are shared among the demo's processes.
 *
 * @param wanted threads that were asked for, which are not exceeded
 */
export function shareThreads(engine: Engine, wanted?: number): { processes: number; threads?: number } {
  const processes = Math.min(PROCESSES, wanted ?? PROCESSES)
  // The other backends compute on one thread and take no number.
  if (engine.name === 'tfjs' && engine.threads === undefined) return { processes }
  return { processes, threads: Math.max(1, Math.floor(threadsOf(engine) / processes)) }
}

/** The worker's side: does jobs as they come until its parent lets go of it, or is gone. */
export async function serveDemoJobs(options: DemoEngine): Promise<void> {
  // Heard from the first message on, which waits until the engine is there.
  const work = useEngine(options).then(createDemoWorker)
  work.catch(() => {})
  answerParent<DemoJob>(async job => (await work)(job))
}

/** A training process that is gone. */
export class WorkerError extends Error {
  override name = 'WorkerError'
  constructor({ variant, seed }: DemoJob, how: string) {
    super(
      `The process that trained ${variant}, seed ${seed}, ended before it was done (${how}). ` +
        'Run the demo again; if the machine was short of memory, close other programs first.',
    )
  }
}

type DemoProcess = AnsweringProcess<DemoJob, DemoJobResult>

/** Has a worker do one job. */
async function doJob(child: DemoProcess, job: DemoJob): Promise<DemoJobResult> {
  try {
    return await child.ask(job)
  } catch (error) {
    // The worker's own errors keep their name: the command line shows an expected one without its stack.
    throw error instanceof ProcessGoneError ? new WorkerError(job, error.message) : error
  }
}

/**
 * Does jobs in processes side by side. No process outlives the call, however it ends.
 *
 * @param onDone called after every job, in the order they end
 * @returns the results in the order of the jobs
 * @throws Error of the first job that fails; WorkerError for a process that is gone.
 */
export async function runDemoJobs(
  jobs: readonly DemoJob[],
  {
    engine = 'auto',
    backend = 'auto',
    threads,
    processes = PROCESSES,
    onDone = () => {},
    program = process.argv[1]!,
  }: DemoEngine & {
    processes?: number
    onDone?: (result: DemoJobResult) => void
    /** What is started as a worker. @default the command line itself */
    program?: string
  } = {},
): Promise<DemoJobResult[]> {
  const results = new Array<DemoJobResult>(jobs.length)
  const queue = jobs.entries()
  const share = threads === undefined ? [] : ['--threads', String(threads)]
  const args = [WORKER_COMMAND, '--engine', engine, '--backend', backend, ...share]
  const children = Array.from({ length: Math.min(processes, jobs.length) }, () =>
    startProcess<DemoJob, DemoJobResult>(program, { args }),
  )
  try {
    await Promise.all(
      children.map(async child => {
        for (const [index, job] of queue) {
          results[index] = await doJob(child, job)
          onDone(results[index])
        }
      }),
    )
    return results
  } finally {
    for (const child of children) child.kill()
  }
}
