import { readdirSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { availableThreads, compile } from '@mafjs/compile'
import '@tensorflow/tfjs-backend-cpu'
import * as tf from '@tensorflow/tfjs-core'

// npm run threads -- [THREADS]: what starts threads in this process, one thing after the other, counted in /proc (Linux).

const threads = Number(process.argv[2] ?? availableThreads())
const count = (): number => readdirSync('/proc/self/task').length

let before = 0
function say(what: string): void {
  const now = count()
  console.log(`${what.padEnd(62)} ${String(now - before).padStart(4)} ${String(now).padStart(5)}`)
  before = now
}

console.log(
  `${`with ${threads} threads of ${availableThreads()} that this process may use`.padEnd(62)}  new   all`,
)
say('Node: itself, V8, the loader of TypeScript, the pool for files')
await Promise.all(Array.from({ length: 8 }, () => readFile(import.meta.filename)))
say('... its pool for files and decoding in use')

const { default: sharp } = await import('sharp')
sharp.concurrency(1)
const side = { width: 1500, height: 1500, channels: 3, background: '#456' } as const
const decode = (bytes: Uint8Array) => sharp(bytes).flatten({ background: '#fff' }).raw().toBuffer()
const picture = await sharp({ create: side }).jpeg().toBuffer()
say('sharp: a picture made')
for (let i = 0; i < 4; i++) await decode(picture)
say('... four decoded, one at a time')
await Promise.all(Array.from({ length: 4 }, () => decode(picture)))
say('... four decoded at once')

tf.env().set('PROD', true)
await tf.setBackend('cpu')
const x = tf.ones<tf.Rank.R2>([64, 64])
const program = (options: object) => compile(({ x }: { x: tf.Tensor2D }) => tf.matMul(x, x), options)
const programs = [program({ threads: 1 })]
await programs[0]!({ x })
say('ONNX Runtime, and a program with one thread')
for (const name of ['a program', 'another program']) {
  programs.push(program({ threads }))
  await programs.at(-1)!({ x })
  say(`${name} with ${threads}`)
}
programs.push(program({ threads, worker: true }))
await programs.at(-1)!({ x })
say(`a program with ${threads} in a worker (a Node in Node)`)
for (const each of programs) await each.dispose()
say('all programs disposed')
