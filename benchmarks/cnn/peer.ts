import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Side, startSide } from '../race/side'

/** What can be timed. */
export type Timed = 'forward' | 'gradients' | 'step'

/** How long something took, milliseconds: by the clock, and of the processor by all threads together. */
export interface Time {
  ms: number
  cpu: number
}

/** How PyTorch runs. */
export interface PeerOptions {
  python: string
  threads: number
  layout: 'contiguous' | 'channelsLast'
}

/** PyTorch's process. */
export interface Peer extends Pick<Side, 'pause' | 'resume' | 'close'> {
  name: string
  load(work: string, file: string, double?: boolean): Promise<void>
  run(what: Timed): Promise<Time>
  compare(to: string): Promise<void>
}

/** Starts PyTorch. */
export async function startPeer({ python, threads, layout }: PeerOptions): Promise<Peer> {
  const side = startSide({
    command: python,
    arguments: [join(fileURLToPath(new URL('.', import.meta.url)), 'peer.py')],
    environment: { OMP_NUM_THREADS: String(threads), OPENBLAS_NUM_THREADS: String(threads) },
  })
  // This race has requests of its own.
  const ask = side.ask as unknown as <Answer>(name: string, request: object) => Promise<Answer>
  const { name } = await ask<{ name: string }>('about', {})
  return {
    name: layout === 'channelsLast' ? `${name}, channels last` : name,
    pause: side.pause,
    resume: side.resume,
    close: side.close,
    load: async (work, file, double = false) => {
      await ask('load', { work, file, threads, layout, double })
    },
    run: what => ask('run', { what }),
    compare: async to => {
      await ask('compare', { to })
    },
  }
}
