import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Command } from '@commander-js/extra-typings'
import { quantile } from '@mafjs/evaluate'
import { count, runCommand } from '../../tools/command'
import { currentLoad, describeMachine, machineLine } from '../machine'
import { shown, type Time } from '../timing'
import { writeResult } from '../write-result'
import { askedPosts } from './asked-posts'
import type { FromClient, ToClient } from './client-process'
import type { FromLoop, ToLoop } from './loop-process'
import { isRight } from './posts'
import { program } from './program'
import { startServerProcess } from './server-process'

// The server beside a loop of `annotate`: the same posts, the same model, as many threads that compute, in turns. Clients are a process
// of their own; what their processor takes is subtracted from the clock, since it is not the server's: one client does nothing at the
// same time as the server. Figures without that stand beside it. Processor time of all the server's processes is what other work on
// the machine changes least.

/** Clients that each ask again when they are answered. */
const CLIENTS = [1, 8, 64]

const WARM_UP = 2

/** The share of the loop's posts per second that a server must reach. */
const BAR = 0.9

const command = new Command('npm run bench:serve --')
  .requiredOption('--model <folder>', 'the model, such as that of ner-maf demo, or models/posts-en/model')
  .option('--posts <n>', 'posts of a turn, 200 at most', count, 200)
  .option('--turns <n>', 'turns of each', count, 11)
  .option('--workers <n>', 'workers of the server, and threads of the loop', count, 1)
  .option('--text-only', 'the posts without their pictures')
  .option(
    '--out <folder>',
    'where the figures go as JSON',
    fileURLToPath(new URL('../results', import.meta.url)),
  )
  .option('--name <name>', 'under which name (default: serve-throughput- and that of the model)')

/** What a turn of a server took: by the clock, and of the processors of the server and of the clients. Milliseconds. */
interface Served {
  clock: number
  server: number
  workers: number
  client: number
}

const median = (values: readonly number[]): number => quantile(values, 0.5)

interface Options {
  model: string
  posts: number
  turns: number
  workers: number
  textOnly?: true | undefined
}

async function measure({ model, posts: length, turns, workers, textOnly }: Options) {
  const server = await startServerProcess({ model, workers })
  const loop = program<{ to: ToLoop }, FromLoop>('loop-process.ts')
  const client = program<ToClient, FromClient>('client-process.ts')
  try {
    const posts = await askedPosts(length, { pictured: !textOnly })
    await loop.ask({ to: { model, threads: workers, posts } })
    const bodies = posts.map(({ text, image }) =>
      JSON.stringify({ text, ...(image && { image: Buffer.from(image).toString('base64') }) }),
    )
    await client.ask({ bodies })
    const { annotations } = await loop.ask({ to: 'annotations' })
    // One by one, as the loop does: int8 quantises a batch together.
    const { answers } = await client.ask({ url: server.url, clients: 1, answers: true })
    const wrong = answers!.filter((answer, place) => !isRight(answer, annotations![place]!)).length

    const loops: Time[] = []
    const served = new Map(CLIENTS.map(clients => [clients, [] as Served[]]))
    for (let turn = -WARM_UP; turn < turns; turn++) {
      // Each comes first, and last, as often as the others.
      const order = ['loop' as const, ...CLIENTS]
      for (const place of order.keys()) {
        const kind = order[(place + turn + WARM_UP) % order.length]!
        if (kind === 'loop') {
          const time = (await loop.ask({ to: 'run' })) as Time
          if (turn >= 0) loops.push(time)
          continue
        }
        const before = await server.processorTime()
        const { clock, cores } = (await client.ask({ url: server.url, clients: kind })) as Time
        const after = await server.processorTime()
        if (turn >= 0)
          served.get(kind)!.push({
            ...{ clock, client: cores },
            ...{ server: after.server - before.server, workers: after.workers - before.workers },
          })
      }
    }
    return { length, wrong, loops, served }
  } finally {
    server.kill()
    loop.kill()
    client.kill()
  }
}

/** What the figures of turns say, for a post and beside the loop. */
function summary({ length, wrong, loops, served }: Awaited<ReturnType<typeof measure>>) {
  const perSecond = (milliseconds: readonly number[]): number =>
    median(milliseconds.map(value => (1000 * length) / value))
  const beside = (values: readonly number[], kind: keyof Time): number =>
    median(loops.map((time, turn) => time[kind] / values[turn]!))
  const perPost = (values: readonly number[]): number => median(values) / length
  return {
    wrongAnswers: wrong,
    loop: {
      postsPerSecond: perSecond(loops.map(({ clock }) => clock)),
      processorMsPerPost: perPost(loops.map(({ cores }) => cores)),
    },
    served: [...served].map(([clients, turns]) => {
      const own = turns.map(({ clock, client }) => clock - client)
      const whole = turns.map(({ clock }) => clock)
      const server = turns.map(turn => turn.server + turn.workers)
      return {
        clients,
        postsPerSecond: { withoutClient: perSecond(own), asMeasured: perSecond(whole) },
        processorMsPerPost: {
          server: perPost(server),
          ofItListening: perPost(turns.map(turn => turn.server)),
          client: perPost(turns.map(({ client }) => client)),
        },
        besideLoop: {
          withoutClient: beside(own, 'clock'),
          asMeasured: beside(whole, 'clock'),
          processor: beside(server, 'cores'),
        },
      }
    }),
  }
}

await runCommand(
  command.action(async ({ out, name, ...options }) => {
    const { model, posts, turns, workers } = options
    const measured = await measure(options)
    const { loop, served, wrongAnswers } = summary(measured)
    console.log(`${machineLine()}; ${posts} posts a turn, ${turns} turns, ${workers} workers and threads`)
    console.log(`answers that are not those of annotate: ${wrongAnswers}`)
    console.log(
      `loop of annotate: ${loop.postsPerSecond.toFixed(1)} posts/s, ${loop.processorMsPerPost.toFixed(2)} ms of processor time a post (a turn: ${shown(
        measured.loops.map(({ clock }) => clock),
        0,
      )})`,
    )
    for (const { clients, postsPerSecond, processorMsPerPost, besideLoop } of served) {
      const isMet = besideLoop.withoutClient >= BAR
      console.log(
        `${clients} clients: ${postsPerSecond.withoutClient.toFixed(1)} posts/s (${postsPerSecond.asMeasured.toFixed(1)} with the clients' time), ` +
          `processor ms a post: server ${processorMsPerPost.server.toFixed(2)} (${processorMsPerPost.ofItListening.toFixed(2)} of the process that listens), clients ${processorMsPerPost.client.toFixed(2)}; ` +
          `beside the loop ${besideLoop.withoutClient.toFixed(2)} x, bar ${BAR} ${isMet ? 'met' : 'MISSED'} (${besideLoop.asMeasured.toFixed(2)} x with the clients' time, ${besideLoop.processor.toFixed(2)} x by processor time)`,
      )
    }
    const folder = basename(model) === 'model' ? basename(model.replace(/\/model\/?$/, '')) : basename(model)
    await writeResult(out, name ?? `serve-throughput-${folder}`, {
      ...{ date: new Date().toISOString().slice(0, 10), machine: describeMachine(), load: currentLoad() },
      ...{ posts, turns, workers, pictures: !options.textOnly, bar: BAR, wrongAnswers, loop, served },
    })
    if (wrongAnswers > 0 || served.some(({ besideLoop }) => besideLoop.withoutClient < BAR))
      process.exitCode = 1
  }),
)
