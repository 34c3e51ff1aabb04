import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, rmdirSync, writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, onTestFinished, test } from 'vitest'
import { assertThreads, availableThreads, MOST_THREADS } from '../../src'
import { assertSharedThreads } from '../../src/platform/browser'

const PROGRAM = fileURLToPath(new URL('count-threads.ts', import.meta.url))
const canCount = existsSync('/proc/self/task')
if (!canCount) console.warn('SKIPPED: threads are counted where there is a /proc, on Linux.')

/** Counts the threads of a process of its own, which another command may start. */
async function count(threads: readonly (number | 'default')[], ...through: string[]) {
  const [program, ...options] = [
    ...through,
    process.execPath,
    '--import',
    new URL('../../../../tools/workspace/from-source.mjs', import.meta.url).href,
  ]
  const { stdout } = await promisify(execFile)(program!, [...options, PROGRAM, ...threads.map(String)])
  return JSON.parse(stdout) as { available: number; added: number[]; left: number }
}

test.each([0, -1, 1.5, Number.NaN, MOST_THREADS + 1])('%s threads are refused', threads => {
  expect(() => assertThreads(threads)).toThrow(
    `threads must be a whole number from 1 to 256. Received: ${threads}. ` +
      `Leave it out for one thread per processor, ${availableThreads()} here.`,
  )
})

test('as many as are allowed are taken, and in a browser as many as its page has', () => {
  assertThreads(MOST_THREADS)
  expect(availableThreads()).toBeLessThanOrEqual(availableParallelism())
  const page = { env: { wasm: { numThreads: 2 } } } as Parameters<typeof assertSharedThreads>[0]
  assertSharedThreads(page, 2)
  assertSharedThreads(page, undefined)
  expect(() => assertSharedThreads(page, 4)).toThrow(
    'threads must be left out in a browser, or be what env.wasm.numThreads is: 2. Received: 4. ' +
      'Set env.wasm.numThreads of onnxruntime-web/webgpu to 4 before the first program.',
  )
})

test.runIf(canCount)('a program starts one thread less than it is told, and takes them with it', async () => {
  const { available, added, left } = await count([1, 3, 2, 'default'])
  expect(available).toBe(availableThreads())
  expect(added).toEqual([0, 2, 1, available - 1])
  expect(left).toBe(0)
})

const taskset = existsSync('/usr/bin/taskset')
if (!taskset) console.warn('SKIPPED: there is no taskset to bind a process to one processor with.')

test.runIf(canCount && taskset)(
  'a process that is bound to one processor computes on one thread',
  async () => {
    expect(await count(['default'], '/usr/bin/taskset', '-c', '0')).toEqual({
      available: 1,
      added: [0],
      left: 0,
    })
  },
)

/** A control group with a quota in processors, if this process may make one. */
function groupWith(processors: number): string | undefined {
  const is2 = existsSync('/sys/fs/cgroup/cgroup.controllers')
  const group = `/sys/fs/cgroup/${is2 ? '' : 'cpu/'}mafjs-${process.pid}`
  try {
    mkdirSync(group)
    onTestFinished(() => rmdirSync(group))
    if (is2) writeFileSync(`${group}/cpu.max`, `${processors * 100_000} 100000`)
    else writeFileSync(`${group}/cpu.cfs_quota_us`, String(processors * 100_000))
    return `${group}/cgroup.procs`
  } catch {
    return undefined
  }
}

test.runIf(canCount)('a process with a quota computes on as many threads', async ({ skip }) => {
  const group = groupWith(0.7)
  if (group === undefined) {
    console.warn('SKIPPED: /sys/fs/cgroup is not writable here, no process can be given a quota.')
    return skip()
  }
  const inGroup = ['/bin/sh', '-c', 'echo $$ > "$0" && exec "$@"', group]
  expect(await count(['default'], ...inGroup)).toEqual({ available: 1, added: [0], left: 0 })
})
