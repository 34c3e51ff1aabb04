import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { compareRun } from '@mafjs/cli'
import type { RuleComparison } from '@mafjs/evaluate/evaluations'
import { evaluateRun } from '@mafjs/ner-maf'
import { SOURCES } from './sources'

/** What is compared. */
export interface CostOptions {
  float: string
  int8: string
  /** The folder that `writePosts` wrote. */
  posts: string
  /** For the evaluations; what is there is written anew. */
  work: string
  threads: number
}

/** What int8 costs over the test posts of all sets together, by the strict rule, and whether chance could do that. */
export async function costOfInt8({
  float,
  int8,
  posts,
  work,
  threads,
}: CostOptions): Promise<RuleComparison> {
  await mkdir(work, { recursive: true })
  const all = await Promise.all(SOURCES.map(({ name }) => readFile(join(posts, name, 'test.jsonl'), 'utf8')))
  const data = join(work, 'test.jsonl')
  await writeFile(data, all.join(''))
  const [a, b] = [join(work, 'float'), join(work, 'int8')]
  for (const [model, out] of [
    [float, a],
    [int8, b],
  ] as const) {
    await rm(out, { recursive: true, force: true })
    await evaluateRun({ model, data, out, threads })
  }
  return (await compareRun({ a, b })).strict
}
