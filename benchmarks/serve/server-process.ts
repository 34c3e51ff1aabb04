import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { FROM_SOURCE } from '../../tools/processes'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

/** Linux counts a process's time in hundredths of a second. */
const TICK = 10

/** `ner-maf serve` as a process of its own. */
export interface ServerProcess {
  url: string
  /** Of the process that listens, and of its workers. */
  pids: { server: number; workers: number[] }
  /** Milliseconds of processor time taken, where Linux says it: of the process that listens, and of its workers together. */
  processorTime(): Promise<{ server: number; workers: number }>
  /** Bytes in memory: of the process that listens, and of its workers together. */
  memory(): Promise<{ server: number; workers: number }>
  /** Sends SIGTERM. @returns the exit code and how long it took, in milliseconds */
  stop(): Promise<{ code: number | null; milliseconds: number }>
  /** Ends it by force, where it has not ended. */
  kill(): void
}

/** What Linux says of a process; nothing where it has ended. */
const factsOf = async (pid: number, file: string): Promise<string> =>
  readFile(join('/proc', String(pid), file), 'utf8').catch(() => '')

async function timeOf(pid: number): Promise<number> {
  const fields = (await factsOf(pid, 'stat')).replace(/^.*\) /s, '').split(' ')
  return TICK * (Number(fields[11] ?? 0) + Number(fields[12] ?? 0))
}

async function memoryOf(pid: number): Promise<number> {
  return 1024 * Number(/^VmRSS:\s+(\d+)/m.exec(await factsOf(pid, 'status'))?.[1] ?? 0)
}

const sum = (values: readonly number[]): number => values.reduce((all, one) => all + one, 0)

const ofEach = async (
  { server, workers }: ServerProcess['pids'],
  factOf: (pid: number) => Promise<number>,
): Promise<{ server: number; workers: number }> => ({
  server: await factOf(server),
  workers: sum(await Promise.all(workers.map(factOf))),
})

/** Starts a server and waits until it listens. */
export async function startServerProcess(options: Record<string, string | number>): Promise<ServerProcess> {
  const flags = Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)])
  const main = join('packages', 'cli', 'src', 'main.ts')
  const child: ChildProcess = spawn(
    process.execPath,
    [...FROM_SOURCE, main, 'serve', '--port', '0', ...flags],
    { cwd: ROOT, stdio: ['ignore', 'inherit', 'pipe'] },
  )
  const workers: number[] = []
  const ended = once(child, 'exit') as Promise<[number | null]>
  const url = await new Promise<string>((resolve, reject) => {
    void ended.then(([code]) => reject(new Error(`The server ended with ${code} before it listened.`)))
    createInterface({ input: child.stderr! }).on('line', line => {
      if (!line.startsWith('{')) return void console.error(line)
      const { worker, url, level, msg, reason } = JSON.parse(line)
      if (level >= 50) console.error(`server: ${msg}: ${reason ?? ''}`)
      if (worker && level < 50) workers.push(worker)
      if (url) resolve(url)
    })
  })
  const pids = { server: child.pid!, workers }
  return {
    ...{ url, pids },
    processorTime: () => ofEach(pids, timeOf),
    memory: () => ofEach(pids, memoryOf),
    async stop() {
      const started = performance.now()
      child.kill('SIGTERM')
      const [code] = await ended
      return { code, milliseconds: performance.now() - started }
    },
    kill: () => void child.kill('SIGKILL'),
  }
}
