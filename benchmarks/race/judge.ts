import { rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Settings, WorkSpec } from '../protocol'
import { type Comparison, compareWorks, INT8_LIMIT } from './compare-works'
import type { Row } from './rows'
import { type Starter, withWork } from './sides'
import { PLAIN_SETTINGS } from './torch-settings'

/** The two sides, where the inputs lie, and how ours runs. */
export interface JudgeOptions {
  ours: Starter
  theirs: Starter
  /** Who computes in float64. @default theirs */
  exact?: Starter | undefined
  folder: string
  settings: Settings
}

/**
 * Compares the outputs and gradients of a row in processes of their own, so that what this takes of memory is not in the
 * race. What was computed or compared once is not again.
 */
export function createJudge({ ours, theirs, exact = theirs, folder, settings }: JudgeOptions) {
  const known = new Map<string, Promise<unknown>>()
  const written: string[] = []
  const onceFor = <T>(key: unknown, make: () => Promise<T>): Promise<T> => {
    const text = JSON.stringify(key)
    if (!known.has(text)) known.set(text, make())
    return known.get(text) as Promise<T>
  }
  const write = (starter: Starter, work: WorkSpec, run: Settings): Promise<string> =>
    onceFor([starter.about.name, work], async () => {
      const to = join(folder, `compared-${process.pid}-${written.length}.safetensors`)
      written.push(to)
      await withWork(starter, { work, folder, settings: run }, side => side.ask('compare', { to }))
      return to
    })
  return {
    judge: ({ judged }: Row): Promise<Comparison> =>
      onceFor(judged, async () => {
        // One after the other: each may need as much memory as there is.
        const paths = {
          ours: await write(ours, judged.ours, settings),
          theirs: await write(theirs, judged.theirs, PLAIN_SETTINGS),
          exact: await write(exact, { ...judged.theirs, double: true }, PLAIN_SETTINGS),
        }
        return compareWorks(paths, judged.ours.precision === 'int8' ? { limit: INT8_LIMIT } : {})
      }),
    /** Removes what was written: the gradients of the full model are half a gigabyte a file. */
    async close(): Promise<void> {
      await Promise.allSettled(known.values())
      for (const path of written) rmSync(path, { force: true })
    },
  }
}
