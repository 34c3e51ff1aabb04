import { Worker } from 'node:worker_threads'

/** What a thread may be started with: files of this package by their path, which are entries of its build by their name. */
export type ThreadProgram = 'training/engine-worker' | 'session/session-worker'

/** Starts a thread that serves a program's methods. */
export function startThread(program: ThreadProgram): Worker {
  if (!import.meta.url.endsWith('.ts')) {
    return new Worker(new URL(`./${program.split('/').at(-1)}.js`, import.meta.url))
  }
  // Run from its source, the thread must learn to read TypeScript, as this one did.
  const source = new URL(`../${program}.ts`, import.meta.url).href
  const start = `import('tsx/esm/api').then(({ register }) => { register(); return import('${source}') })`
  return new Worker(start, { eval: true, execArgv: ['--conditions=@mafjs/source'] })
}
