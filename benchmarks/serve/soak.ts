import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { Command } from '@commander-js/extra-typings'
import { quantile } from '@mafjs/evaluate'
import { count, runCommand, withFolder } from '../../tools/command'
import { currentLoad, describeMachine, machineLine } from '../machine'
import { writeResult } from '../write-result'
import { ask, connections, type Reply } from './ask'
import { BODY_BYTES, HOSTILE } from './hostile'
import { isRight, type KnownPost, knownPosts, writeModel } from './posts'
import { program } from './program'
import { type ServerProcess, startServerProcess } from './server-process'
import { slope } from './slope'

// A server under four times what it can do, one request of twenty hostile: every answer is compared with `annotate`, every status
// counted here and by the server. Ends with 1 where an answer is wrong, or the counts differ.

/** Connections of the clients together. */
const CONNECTIONS = 512
/** Requests under way here at most: an open loop that is not answered must end somewhere. */
const MOST_OPEN = 2000
const OVERLOAD = 4
/** Every twentieth. */
const HOSTILE_EVERY = 20
const KNOWN_POSTS = 400
const CLIENTS = 32

const command = new Command('npm run soak --')
  .option('--seconds <n>', 'how long, capacity and overload together', count, 60)
  .option('--workers <n>', 'workers of the server', count, 2)
  .option(
    '--out <folder>',
    'where the figures go as JSON',
    fileURLToPath(new URL('../results', import.meta.url)),
  )
  .option('--name <name>', 'under which name', 'serve-soak')

/** Counts by their names. */
class Counts extends Map<string, number> {
  add(name: string | number): void {
    this.set(String(name), (this.get(String(name)) ?? 0) + 1)
  }
}

/** Posts per second of some clients that each ask again when they are answered. */
async function capacity(
  url: string,
  posts: readonly KnownPost[],
  seconds: number,
  statuses: Counts,
): Promise<number> {
  const agent = connections(CLIENTS)
  const until = performance.now() + 1000 * seconds
  let next = 0
  const client = async (): Promise<void> => {
    while (performance.now() < until) {
      const { status } = await ask({ url, agent, body: posts[next++ % posts.length]!.body })
      statuses.add(status)
    }
  }
  await Promise.all(Array.from({ length: CLIENTS }, client))
  agent.destroy()
  return next / seconds
}

/** What overload showed. */
interface Overload {
  sent: number
  wrong: string[]
  latencies: number[]
  withoutRetryAfter: number
  failures: string[]
}

async function overload(
  url: string,
  posts: readonly KnownPost[],
  { seconds, rate, statuses }: { seconds: number; rate: number; statuses: Counts },
): Promise<Overload> {
  const agent = connections(CONNECTIONS)
  const seen: Overload = { sent: 0, wrong: [], latencies: [], withoutRetryAfter: 0, failures: [] }
  const open = new Set<Promise<void>>()
  const judge = (reply: Reply, wanted: number | 'left', isGood: () => boolean, name: string): void => {
    statuses.add(reply.status)
    if (reply.status === 429) {
      if (!(Number(reply.retryAfter) >= 1)) seen.withoutRetryAfter += 1
      return
    }
    if (reply.status !== wanted || !isGood())
      seen.wrong.push(`${name}: ${reply.status} ${reply.body.slice(0, 200)}`)
    else if (reply.status === 200) seen.latencies.push(reply.milliseconds)
  }
  const one = async (number: number): Promise<void> => {
    if (number % HOSTILE_EVERY === 0) {
      const { name, status, ...hostile } = HOSTILE[(number / HOSTILE_EVERY) % HOSTILE.length]!
      judge(await ask({ url, agent, ...hostile }), status, () => true, name)
      return
    }
    const { body, expected } = posts[number % posts.length]!
    const reply = await ask({ url, agent, body })
    judge(reply, 200, () => isRight(reply.body, expected), 'a post')
  }
  const started = performance.now()
  for (let now = started; now - started < 1000 * seconds; now = performance.now()) {
    const due = (rate * (now - started)) / 1000
    while (seen.sent < due && open.size < MOST_OPEN) {
      const asked = one(seen.sent++)
        .catch((error: Error) => void seen.failures.push(error.message))
        .finally(() => open.delete(asked))
      open.add(asked)
    }
    await sleep(5)
  }
  await Promise.all(open)
  agent.destroy()
  return seen
}

const metricsOf = async (url: string): Promise<string> => (await fetch(`${url}/metrics`)).text()

/** What the server counted by status, without what looks at it. */
function countedBy(metrics: string): Map<string, number> {
  const counted = new Map<string, number>()
  for (const [, route, status = '', value] of metrics.matchAll(
    /^maf_http_requests_total\{route="([^"]*)",status="(\d+)"\} (\d+)$/gm,
  )) {
    if (route === '/metrics') continue
    counted.set(status, (counted.get(status) ?? 0) + Number(value))
  }
  return counted
}

const gaugeOf = (metrics: string, name: string): number =>
  Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(metrics)?.[1])

/**
 * What both have counted. A client that left cannot know what became of its request: the server saw it leave (499), had refused it
 * already (429), or had not yet taken its connection. All else must be equal.
 */
function compareCounts(own: ReadonlyMap<string, number>, theirs: ReadonlyMap<string, number>) {
  const clients = own.get('left') ?? 0
  const refused = (theirs.get('429') ?? 0) - (own.get('429') ?? 0)
  const left = { clients, seen: theirs.get('499') ?? 0, refused, unseen: 0 }
  left.unseen = clients - left.seen - refused
  const differing = [...new Set([...own.keys(), ...theirs.keys()])].flatMap(status => {
    const [here, there] = [own.get(status) ?? 0, theirs.get(status) ?? 0]
    const isOfLeft = ['left', '429', '499'].includes(status)
    return isOfLeft || here === there ? [] : [`${status}: ${here} here, ${there} there`]
  })
  if (refused < 0 || left.unseen < 0) differing.push(`429 and clients that left: ${JSON.stringify(left)}`)
  return { differing, left }
}

/** Milliseconds that the server may hold its event loop. */
const BAR = 50

async function measure(server: ServerProcess, posts: readonly KnownPost[], seconds: number) {
  const { url } = server
  const statuses = new Counts()
  const first = Math.max(3, Math.min(20, seconds / 6))
  await capacity(url, posts, 2, statuses)
  const rate = await capacity(url, posts, first, statuses)
  console.log(`capacity: ${rate.toFixed(0)} posts/s, ${CLIENTS} clients`)
  const samples: { seconds: number; server: number; workers: number }[] = []
  const idle = program<{ to: 'start' | 'longest' }, number>('idle-process.ts')
  await idle.ask({ to: 'start' })
  const started = performance.now()
  const sampler = setInterval(async () => {
    samples.push({ seconds: (performance.now() - started) / 1000, ...(await server.memory()) })
  }, 1000)
  const seen = await overload(url, posts, { seconds: seconds - first - 2, rate: OVERLOAD * rate, statuses })
  clearInterval(sampler)
  // The last connections that were left are counted when the server sees their end.
  await sleep(1500)
  const metrics = await metricsOf(url)
  const idleHeld = await idle.ask({ to: 'longest' })
  idle.release()
  const counted = countedBy(metrics)
  const { differing, left } = compareCounts(statuses, counted)
  const late = samples.slice(Math.floor(samples.length / 3))
  const grows = (of: 'server' | 'workers'): number =>
    (60 * slope(late.map(sample => ({ x: sample.seconds, y: sample[of] })))) / 1e6
  const at = (share: number): number => Number(quantile(seen.latencies, share).toFixed(1))
  return {
    capacity: Number(rate.toFixed(1)),
    sent: seen.sent,
    sentPerSecond: Number((seen.sent / (seconds - first - 2)).toFixed(1)),
    statuses: Object.fromEntries([...statuses].sort()),
    wrongAnswers: seen.wrong.length,
    wrong: seen.wrong.slice(0, 5),
    failures: seen.failures.length,
    failed: [...new Set(seen.failures)].slice(0, 5),
    refusedWithoutRetryAfter: seen.withoutRetryAfter,
    countsThatDiffer: differing,
    left,
    latency: { unit: 'ms', p50: at(0.5), p95: at(0.95), p99: at(0.99) },
    memory: {
      unit: 'MB',
      server: Math.round((late.at(-1)?.server ?? 0) / 1e6),
      workers: Math.round((late.at(-1)?.workers ?? 0) / 1e6),
      serverPerMinute: Number(grows('server').toFixed(2)),
      workersPerMinute: Number(grows('workers').toFixed(2)),
    },
    eventLoopHeld: {
      ...{ unit: 'ms', bar: BAR },
      longest: Number((1000 * gaugeOf(metrics, 'maf_event_loop_delay_max_seconds')).toFixed(1)),
      // Of a process that does nothing at the same time.
      idleProcess: Number(idleHeld.toFixed(1)),
    },
  }
}

await runCommand(
  command.action(({ seconds, workers, out, name }) =>
    withFolder('soak', async folder => {
      console.log(machineLine())
      const model = await writeModel(folder)
      const posts = await knownPosts(model, KNOWN_POSTS)
      const server = await startServerProcess({ model, workers, 'body-bytes': BODY_BYTES })
      try {
        const measured = await measure(server, posts, seconds)
        const end = await server.stop()
        const result = {
          ...{ date: new Date().toISOString().slice(0, 10), machine: describeMachine(), load: currentLoad() },
          ...{ seconds, workers, overload: OVERLOAD, hostile: `1 of ${HOSTILE_EVERY}`, ...measured, end },
        }
        console.log(JSON.stringify(result, null, 2))
        await writeResult(out, name, result)
        const { wrongAnswers, countsThatDiffer, failures, refusedWithoutRetryAfter } = measured
        const isGood = wrongAnswers + countsThatDiffer.length + failures + refusedWithoutRetryAfter === 0
        if (!isGood || end.code !== 0) process.exitCode = 1
      } finally {
        server.kill()
      }
    }),
  ),
)
