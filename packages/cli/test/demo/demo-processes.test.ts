import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import type { DemoJob, DemoJobResult } from '../../src/demo/demo-job'
import { runDemoJobs } from '../../src/demo/demo-processes'

const program = fileURLToPath(new URL('./worker.mjs', import.meta.url))
const jobs = (...variants: string[]) =>
  variants.map((variant, seed) => ({ variant, seed }) as unknown as DemoJob)
const pidOf = ({ result }: DemoJobResult): number => (result as unknown as { pid: number }).pid

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
const expectGone = (pids: Iterable<number>) =>
  expect.poll(() => [...pids].filter(isAlive), { timeout: 5000 }).toEqual([])

test('two processes share the jobs, and the results keep their order', async () => {
  const seen: number[] = []
  const results = await runDemoJobs(jobs('works', 'works', 'works', 'works'), {
    program,
    processes: 2,
    onDone: ({ result }) => seen.push(result.seed),
  })
  expect(results.map(({ result }) => result.seed)).toEqual([0, 1, 2, 3])
  expect(seen.sort()).toEqual([0, 1, 2, 3])
  const pids = new Set(results.map(pidOf))
  expect(pids.size).toBe(2)
  await expectGone(pids)
})

test.each([
  ['dies', 'WorkerError: The process that trained dies, seed 3, ended before it was done (SIGKILL).'],
  ['fails', 'TrainingError: The loss must be finite.'],
])('a job that %s ends all processes, with its own error', async (what, message) => {
  const pids = new Set<number>()
  // The other process is in the middle of a job that would never end.
  const run = runDemoJobs(jobs('works', 'works', 'hangs', what), {
    program,
    processes: 2,
    onDone: done => pids.add(pidOf(done)),
  })
  await expect(run.catch(({ name, message }: Error) => `${name}: ${message}`)).resolves.toContain(message)
  expect(pids.size).toBe(2)
  await expectGone(pids)
})
