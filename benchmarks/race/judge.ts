import { rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Settings, WorkSpec } from '../protocol'
import { type Comparison, compareWorks, INT8_LIMIT } from './compare-works'
import type { Row } from './rows'
import type { Starter } from './sides'
import { PLAIN_SETTINGS } from './torch-settings'

/** The two sides, where the inputs lie, and how ours runs. */
export interface JudgeOptions {
  ours: Starter
  theirs: Starter
  folder: string
  settings: Settings
}

/**
 * Compares the outputs and gradients of a row in processes of their own, so that what this takes of memory is not in the
 * race. What was compared once is not compared again.
 */
export function createJudge({ ours, theirs, folder, settings }: JudgeOptions) {
  const known = new Map<string, Promise<Comparison>>()
  const written = new Map<string, Promise<string>>()

  const write = (starter: Starter, work: WorkSpec, run: Settings): Promise<string> => {
    const key = JSON.stringify([starter === ours, work])
    const path = join(folder, `compared-${written.size}.safetensors`)
    const before = written.get(key)
    if (before) return before
    const made = (async () => {
      const side = starter.start(run)
      try {
        await side.ask('load', { work, folder, settings: run })
        await side.ask('compare', { to: path })
        return path
      } finally {
        await side.close()
      }
    })()
    written.set(key, made)
    return made
  }

  return {
    async judge({ judged }: Row): Promise<Comparison> {
      const key = JSON.stringify(judged)
      const compare = async (): Promise<Comparison> => {
        // One after the other: each may need as much memory as there is.
        const paths = {
          ours: await write(ours, judged.ours, settings),
          theirs: await write(theirs, judged.theirs, PLAIN_SETTINGS),
          exact: await write(theirs, { ...judged.theirs, double: true }, PLAIN_SETTINGS),
        }
        return compareWorks(paths, judged.ours.precision === 'int8' ? { limit: INT8_LIMIT } : {})
      }
      const comparison = known.get(key) ?? compare()
      known.set(key, comparison)
      return comparison
    },
    /** Removes what was written: the gradients of the full model are half a gigabyte a file. */
    async close(): Promise<void> {
      for (const path of await Promise.allSettled(written.values())) {
        if (path.status === 'fulfilled') rmSync(path.value, { force: true })
      }
    },
  }
}
