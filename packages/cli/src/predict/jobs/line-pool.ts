import { ProcessGoneError } from '@mafjs/tensor/processes'
import type { OutputLine } from '../annotate-lines'
import type { LineJob, LineWorkerSetup, LoadedModel } from './line-job'
import { poisonLine } from './poison-line'
import { type LineWorker, startLineWorker } from './start-line-worker'

/** Processes side by side that annotate lines. */
export interface LinePool {
  readonly model: LoadedModel
  /**
   * Annotates lines in the next process that is free. Where a process ends over them, halves of them are tried, and halves of these, until
   * the line that does it is alone; it gets an error line when it has ended two processes by itself.
   *
   * @throws the error of a process that reports one: no line is the reason of that
   */
  annotate(job: LineJob): Promise<OutputLine[]>
  stop(): void
}

/** How often a line may be alone in a process that ends: once may be chance, such as a machine short of memory. */
const CHANCES = 2

/**
 * Starts processes that each load the model.
 *
 * @throws the error of the first that could not load it; none is left then.
 */
export async function createLinePool(setup: LineWorkerSetup, jobs: number): Promise<LinePool> {
  const all = new Set<LineWorker>()
  let over = false
  const start = async (): Promise<LineWorker> => {
    const worker = await startLineWorker(setup)
    if (over) worker.stop()
    all.add(worker)
    return worker
  }
  const stop = (): void => {
    over = true
    for (const worker of all) worker.stop()
  }
  const starting = Array.from({ length: jobs }, start)
  // A place is filled with a process as soon as that is there.
  const free: Promise<LineWorker>[] = starting
  const waiting: ((worker: Promise<LineWorker>) => void)[] = []
  const take = async (): Promise<LineWorker> =>
    free.pop() ?? (await new Promise<Promise<LineWorker>>(resolve => waiting.push(worker => resolve(worker))))
  const give = (worker: Promise<LineWorker>): void => {
    const next = waiting.shift()
    if (next) next(worker)
    else free.push(worker)
  }

  /** @returns how the process ended, where it did */
  async function attempt(job: LineJob): Promise<OutputLine[] | ProcessGoneError> {
    const worker = await take()
    let next = Promise.resolve(worker)
    try {
      return await worker.annotate(job)
    } catch (error) {
      if (!(error instanceof ProcessGoneError)) throw error
      all.delete(worker)
      next = start()
      next.catch(() => {})
      return error
    } finally {
      give(next)
    }
  }

  async function annotate(job: LineJob, chances = CHANCES): Promise<OutputLine[]> {
    const outcome = await attempt(job)
    if (!(outcome instanceof ProcessGoneError)) return outcome
    const { lines, first } = job
    if (lines.length > 1) {
      const middle = Math.ceil(lines.length / 2)
      const before = await annotate({ ...job, lines: lines.slice(0, middle) })
      const after = await annotate({ ...job, lines: lines.slice(middle), first: first + middle })
      return [...before, ...after]
    }
    return chances > 1 ? annotate(job, chances - 1) : poisonLine(job, outcome, await model)
  }

  const model = Promise.all(starting).then(([worker]) => worker!.model)
  try {
    return { model: await model, annotate: job => annotate(job), stop }
  } catch (error) {
    stop()
    await Promise.allSettled(starting)
    throw error
  }
}
