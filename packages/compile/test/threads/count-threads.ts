import { readdirSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { availableThreads, createSession } from '../../src'
import { graphOf, op } from '../quantize/graphs'

// A process that counts its own threads: `count-threads.ts THREADS...` opens a program on each number of them, and prints as
// JSON how many it may use and how many each has added, then how many are left once all are disposed.
const tasks = (): number => readdirSync('/proc/self/task').length

const graph = graphOf({ x: [1], y: [1] }, [op('Mul', ['x', 'x'], 'y')], [])
const feeds = { x: { data: Float32Array.of(2), shape: [1] } }
// What is started once: Node's pool for files, and ONNX Runtime itself.
await Promise.all(Array.from({ length: 8 }, () => readFile(import.meta.filename)))
const first = await createSession(graph, { threads: 1 })
await first.run(feeds)
const atFirst = tasks()

const sessions = [first]
const added: number[] = []
for (const threads of process.argv.slice(2)) {
  const before = tasks()
  const session = await createSession(graph, threads === 'default' ? {} : { threads: Number(threads) })
  await session.run(feeds)
  sessions.push(session)
  added.push(tasks() - before)
}
for (const session of sessions) await session.dispose()
console.log(JSON.stringify({ available: availableThreads(), added, left: tasks() - atFirst }))
