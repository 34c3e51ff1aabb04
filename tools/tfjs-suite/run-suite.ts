import { fork } from 'node:child_process'
import { join } from 'node:path'
import { findSpecFiles, opsFolder } from './about'
import { bundle, root } from './bundle'
import type { SuiteBackend } from './inside/environments'
import type { SpecRecord, SuiteMessage } from './spec-record'

/** What to run, and on what. */
export interface SuiteOptions {
  /** The tfjs backend under test. */
  backend: SuiteBackend
  /** The spec files. @default all of them */
  files?: readonly string[]
  /** Only specs whose full name contains this text. @default all of them */
  filter?: string
  /** How many processes share the files. @default 2 */
  processes?: number
  /** A module that runs after the backend is registered. @default none */
  prepare?: string | undefined
}

/** What the specs did, and what went wrong outside them. */
export interface SuiteRun {
  records: SpecRecord[]
  problems: string[]
}

/** The program of the bundle. */
function entryOf(backend: SuiteBackend, files: readonly string[], prepare: string | undefined): string {
  const inside = join(root, 'tools/tfjs-suite/inside')
  const path = (...parts: string[]): string => JSON.stringify(join(...parts))
  return [
    `import { runSpecs } from ${path(inside, 'run-specs.ts')}`,
    `import { startEnvironment } from ${path(inside, 'environments.ts')}`,
    `const environment = await startEnvironment('${backend}')`,
    ...(prepare ? [`await import(${path(prepare)})`] : []),
    'await runSpecs(environment, {',
    ...files.map(file => `  ${JSON.stringify(file)}: () => import(${path(opsFolder, file)}),`),
    '})',
  ].join('\n')
}

/** How much of what a process writes is kept for the case that it ends too early, in characters. */
const KEPT_WORDS = 2000

/** Runs some of the bundle's files in a process of its own, without tsx, which Node would hand on to it. */
function runFiles(path: string, files: readonly string[], filter: string): Promise<SuiteRun> {
  const run: SuiteRun = { records: [], problems: [] }
  const child = fork(path, [JSON.stringify([files, filter])], {
    execArgv: [],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  })
  let last = 'no spec yet'
  let words = ''
  let isDone = false
  child.stderr!.setEncoding('utf8').on('data', (text: string) => {
    words = (words + text).slice(-KEPT_WORDS)
  })
  child.on('message', (message: SuiteMessage) => {
    if ('started' in message) last = message.started
    else if ('record' in message) run.records.push(message.record)
    else if ('problem' in message) run.problems.push(message.problem)
    else isDone = true
  })
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code, signal) => {
      const end = `the process ended (${signal ?? code}) before its specs did; last: ${last}`
      if (!isDone) run.problems.push(`${end}\n${words}`.trimEnd())
      resolve(run)
    })
  })
}

/** Runs tfjs-core's own op specs, unchanged, on one of its backends. */
export async function runSuite({
  backend,
  files = findSpecFiles(),
  filter = '',
  processes = 2,
  prepare,
}: SuiteOptions): Promise<SuiteRun> {
  const { path, remove } = await bundle(entryOf(backend, files, prepare))
  try {
    // Dealt in turn: neighbours in the alphabet are alike and take alike.
    const hands = Array.from({ length: processes }, (_, hand) =>
      files.filter((_, index) => index % processes === hand),
    )
    const runs = await Promise.all(
      hands.filter(hand => hand.length > 0).map(hand => runFiles(path, hand, filter)),
    )
    return { records: runs.flatMap(run => run.records), problems: runs.flatMap(run => run.problems) }
  } finally {
    remove()
  }
}
