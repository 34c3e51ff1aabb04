import { Worker } from 'node:worker_threads'

/** What a thread may be started with: files of this package by their path, which are entries of its build by their name. */
export type ThreadProgram = 'training/engine-worker' | 'session/session-worker'

/** Starts a thread that serves a program's methods. */
export function startThread(program: ThreadProgram): Worker {
  if (!import.meta.url.endsWith('.ts')) {
    return new Worker(new URL(`./${program.split('/').at(-1)}.js`, import.meta.url))
  }
  // Run from its source, which this repository alone does: the thread must learn to read TypeScript, as this one did.
  const loader = new URL('../../../../tools/workspace/from-source.mjs', import.meta.url).href
  return new Worker(new URL(`../${program}.ts`, import.meta.url), { execArgv: ['--import', loader] })
}
