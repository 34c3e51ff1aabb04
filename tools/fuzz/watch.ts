import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { resolve, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import * as tf from '@tensorflow/tfjs-core'

/** What is told of something that is wrong, apart from the input. */
export type Fault = string

/** The ways that a file's content is reached or changed by. */
const REACHING = [
  'open',
  'readFile',
  'readdir',
  'opendir',
  'writeFile',
  'mkdir',
  'rm',
  'rename',
  'copyFile',
  'cp',
]

/** Errors that say what is wrong to a person; all others are mistakes of the code. */
const TYPED = new Set(['InvalidArgumentError', 'PictureError', 'CompileError', 'CommanderError', 'HubError'])

/** A mistake of the code under a typed name. */
const DISGUISED =
  /Cannot (read|set) prop|is not (a function|iterable|a constructor)|call stack|Invalid (array|string) length/

const MOST_SECONDS = 2
const MOST_BYTES = 300 * 2 ** 20
const LONGEST_MESSAGE = 20_000

const PARTS: readonly object[] = [Object.prototype, Array.prototype, Function.prototype, String.prototype]
const prototypes = (): number => PARTS.flatMap(part => Reflect.ownKeys(part)).length

const isIn = (folder: string, path: string): boolean =>
  `${path}${sep}`.startsWith(folder === sep ? sep : `${folder}${sep}`)

/**
 * Watches what programs of this process do with files.
 *
 * @param own folders that may be reached, with what is in them
 * @returns the paths outside of them since the last call
 */
export function watchFiles(own: readonly string[]): () => string[] {
  const outside = new Set<string>()
  // Who looks whether a folder is being replaced lists those that it is in.
  const isWithin = (path: string): boolean => own.some(folder => isIn(folder, path) || isIn(path, folder))
  const patch = (holder: Record<string, unknown>, name: string): void => {
    const original = holder[name] as (...args: unknown[]) => unknown
    if (!original) return
    holder[name] = function (this: unknown, place: unknown, ...rest: unknown[]) {
      if (place instanceof URL || typeof place === 'string') {
        const path = resolve(typeof place === 'string' ? place : fileURLToPath(place))
        if (!isWithin(path)) outside.add(path)
      }
      return original.call(this, place, ...rest)
    }
  }
  const callbacks = fs as unknown as Record<string, unknown>
  for (const name of REACHING) {
    for (const one of [name, `${name}Sync`]) patch(callbacks, one)
    patch(fs.promises as unknown as Record<string, unknown>, name)
  }
  syncBuiltinESMExports()
  return () => {
    const paths = [...outside]
    outside.clear()
    return paths
  }
}

/** What reading an input took, of computing and above the process at rest, and what was wrong with how it ended. */
export interface Outcome {
  seconds: number
  megabytes: number
  fault?: Fault | undefined
}

/** Runs something on a hostile input; an error that is typed is right. */
export async function outcomeOf(run: () => Promise<unknown>, outside: () => string[]): Promise<Outcome> {
  outside()
  const before = {
    prototypes: prototypes(),
    tensors: tf.memory().numTensors,
    peak: process.resourceUsage().maxRSS * 1024,
    rest: process.memoryUsage.rss(),
  }
  const cpu = process.cpuUsage()
  const error = await run().then(
    () => undefined,
    (error: unknown) => error as Error,
  )
  const { user, system } = process.cpuUsage(cpu)
  const seconds = (user + system) / 1e6
  const peak = process.resourceUsage().maxRSS * 1024
  // What stays below an earlier peak was within bounds then.
  const bytes = peak > before.peak ? peak - before.rest : 0
  const fault = faultIn(error, { ...before, paths: outside(), seconds, bytes })
  return { seconds, megabytes: Math.round(bytes / 2 ** 20), fault }
}

interface Traces {
  prototypes: number
  tensors: number
  paths: readonly string[]
  seconds: number
  bytes: number
}

function faultIn(error: Error | undefined, { paths, seconds, bytes, ...before }: Traces): Fault | undefined {
  if (error && !TYPED.has(error.name)) return `untyped: ${error.stack ?? error}`
  if (error && DISGUISED.test(error.message)) return `disguised: ${error.message.slice(0, 500)}`
  if (error && error.message.length > LONGEST_MESSAGE) return `message of ${error.message.length} characters`
  if (prototypes() !== before.prototypes) return 'polluted prototype'
  if (paths.length > 0) return `outside: ${paths.join(', ')}`
  if (seconds > MOST_SECONDS) return `slow: ${seconds.toFixed(1)} s`
  if (bytes > MOST_BYTES) return `memory: ${Math.round(bytes / 2 ** 20)} MB`
  const left = tf.memory().numTensors - before.tensors
  return left > 0 ? `tensors left: ${left}` : undefined
}
