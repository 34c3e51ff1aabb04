import { existsSync } from 'node:fs'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Engine } from '@mafjs/compile/engine'
import { formatSpread, markdownTable } from '@mafjs/evaluate'
import type { StudyPair } from './study-pairs'

/** Makes something, or gives what was made under its name before. */
export type Keep = <Made>(name: string, make: () => Promise<Made>) => Promise<Made>

/** What a study is given. */
export interface StudyOptions {
  engine: Engine
  /** None: pairs are drawn. */
  real: readonly StudyPair[] | undefined
  drawn: (count: number, seed: number) => StudyPair[]
  epochs: number | undefined
  seeds: readonly number[]
  /** The ways that are trained, where a study has many. @default all */
  only?: readonly string[] | undefined
  /** @default nothing is kept */
  keep?: Keep | undefined
}

/** What a study gives. */
export interface StudyResult {
  /** Names of what was measured. */
  columns: readonly string[]
  /** Of every way the shares of its runs, from 0 to 1, in the order of the columns; NaN where there is none. */
  ways: Readonly<Record<string, readonly (readonly number[])[]>>
  /** Of every way and run what stands for each post, a number from 0 to 1 by measure: what intervals are drawn from. */
  posts: Readonly<Record<string, readonly Readonly<Record<string, readonly number[]>>[]>>
  /** What was chosen on validation, by what is chosen for. */
  chosen: Readonly<Record<string, unknown>>
  /** What is counted once, by name. */
  figures?: Readonly<Record<string, number>> | undefined
  /** More tables in Markdown. */
  more?: string | undefined
}

/** A study's table for people. */
export function formatStudy({ columns, ways, more }: Pick<StudyResult, 'columns' | 'ways' | 'more'>): string {
  const rows = Object.entries(ways).map(([name, runs]) => [
    name,
    ...columns.map((_, column) => {
      const shares = runs.map(run => run[column]!).filter(share => Number.isFinite(share))
      return shares.length === 0 ? '-' : formatSpread(shares)
    }),
  ])
  return [markdownTable(['%', ...columns], rows), ...(more ? [more] : [])].join('\n\n')
}

/**
 * Keeps what is made as JSON in a folder, with the processor seconds that it took, so that a study that was interrupted goes on.
 *
 * @param given what all of it depends on; what was made from something else is made anew
 */
export function keepIn(folder: string, given: object): Keep {
  return async (name, make) => {
    const file = join(folder, `${name}.json`)
    const known = existsSync(file) ? JSON.parse(await readFile(file, 'utf8')) : undefined
    if (known && JSON.stringify(known.given) === JSON.stringify(given)) return known.made
    if (known) console.error(`${name} was made from something else; it is made anew`)
    const before = process.cpuUsage()
    const made = await make()
    const { user, system } = process.cpuUsage(before)
    await mkdir(folder, { recursive: true })
    await writeFile(`${file}.part`, JSON.stringify({ given, seconds: (user + system) / 1e6, made }))
    await rename(`${file}.part`, file)
    return made
  }
}
