import { readFile } from 'node:fs/promises'
import { setTimeout } from 'node:timers/promises'
import { Queue } from 'bullmq'
import { connect, QUEUE } from './queue'

// Deals out shards, and waits until there are none: `npm run deal -- work/shards.jsonl`.

const [file] = process.argv.slice(2)
if (!file)
  throw new Error(
    'Name the file of shards that ner-maf shards has written: npm run deal -- work/shards.jsonl',
  )
const lines = (await readFile(file, 'utf8')).trimEnd().split('\n')

// The same shard of the same bytes is dealt once at a time.
const idOf = (line: string): string => {
  const { shard, sha256 } = JSON.parse(line)
  return `${shard}-${sha256}`
}

const connection = connect()
const queue = new Queue<string>(QUEUE, { connection })
// What failed before is tried again; what waits already is not dealt twice.
await queue.clean(0, Number.MAX_SAFE_INTEGER, 'failed')
const options = { attempts: 5, backoff: { type: 'exponential', delay: 1000 }, removeOnComplete: true }
const jobs = lines.map(line => ({ name: 'shard', data: line, opts: { ...options, jobId: idOf(line) } }))
for (let i = 0; i < jobs.length; i += 1000) await queue.addBulk(jobs.slice(i, i + 1000))
console.error(`${lines.length} shards are dealt out.`)

const left = () => queue.getJobCountByTypes('waiting', 'active', 'delayed')
while ((await left()) > 0) await setTimeout(1000)
const failed = await queue.getFailed()
for (const { data, failedReason } of failed) console.error(`${data}\n  ${failedReason}`)
console.error(`${lines.length - failed.length} of ${lines.length} shards are done.`)
process.exitCode = failed.length > 0 ? 1 : 0
await queue.close()
await connection.quit()
