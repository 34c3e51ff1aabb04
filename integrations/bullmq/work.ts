import { Worker } from 'bullmq'
import { keepFilter } from './filter-process'
import { connect, QUEUE } from './queue'

// Annotates shards until it is told to end: `npm run work -- npx ner-maf predict --model model --shards work`.

const [command, ...args] = process.argv.slice(2)
if (!command)
  throw new Error('Name the command that answers shards: npm run work -- npx ner-maf predict --shards work')
const filter = keepFilter(command, args)

const worker = new Worker<string, string>(
  QUEUE,
  async ({ data }) => {
    const answer = await filter.ask(data)
    const { error } = JSON.parse(answer)
    if (error) throw new Error(error)
    return answer
  },
  {
    connection: connect(),
    // While one shard is written, the next is computed.
    concurrency: 2,
    // How soon another worker takes what a killed one was at; a post that kills is found by predict itself and ends no worker.
    ...{ lockDuration: 15_000, stalledInterval: 5000, maxStalledCount: 10 },
  },
)
worker.on('error', error => console.error(error.message))
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, async () => {
    // What was begun is finished.
    await worker.close()
    filter.close()
    process.exit()
  })
}
