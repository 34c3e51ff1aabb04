import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { createServer } from 'node:net'
import { join, resolve } from 'node:path'
import { end, run } from '../../tools/processes'
import type { Engine } from './engine'

const HERE = resolve('integrations/bullmq')

/** Workers, one for each core that is used. */
const WORKERS = 2

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  server.close()
  await once(server, 'close')
  return port
}

/** Starts Redis on loopback, with nothing on the disk. */
async function startRedis(folder: string, port: number): Promise<ChildProcess> {
  const options = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--dir', folder]
  const redis = spawn('redis-server', options, { detached: true, stdio: ['ignore', 'pipe', 'inherit'] })
  await once(redis, 'spawn')
  for await (const said of redis.stdout) if (String(said).includes('Ready to accept connections')) break
  redis.stdout.resume()
  return redis
}

/** Whether there is a Redis to be started. */
export const hasRedis = (): boolean => spawnSync('redis-server', ['--version']).status === 0

/** BullMQ on a Redis of its own, with its two workers. */
export async function openBullMq(folder: string): Promise<Engine> {
  if (!existsSync(join(HERE, 'node_modules/bullmq'))) await run('npm', ['ci', '--prefix', HERE])
  const port = await freePort()
  const redis = await startRedis(folder, port)
  const env = { ...process.env, REDIS_URL: `redis://127.0.0.1:${port}` }
  const workers: ChildProcess[] = []
  let command: readonly string[] = []
  const script = (name: string): string[] => ['--import', 'tsx', `${name}.ts`]
  const startWorker = (): void => {
    const options = [...script('work'), ...command]
    workers.push(spawn(process.execPath, options, { cwd: HERE, env, detached: true, stdio: 'ignore' }))
  }
  return {
    name: 'bullmq',
    async annotate(plan, given) {
      command = given
      while (workers.length < WORKERS) startWorker()
      await run(process.execPath, [...script('deal'), plan], { cwd: HERE, env })
    },
    async killOne(draw) {
      const [worker] = workers.splice(Math.floor(WORKERS * draw()), 1)
      // As when a machine is lost: all that it started goes with it.
      process.kill(-worker!.pid!, 'SIGKILL')
      startWorker()
      return 'one of two workers with its predict, and another was started'
    },
    async close() {
      await Promise.all(workers.map(end))
      await end(redis)
    },
  }
}
