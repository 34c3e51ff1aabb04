import { mkdir, mkdtemp, rename, rm, stat, writeFile } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { InvalidArgumentError } from '@mafjs/tensor'

/** A line with its score; none where the pair could not be judged, which is dropped. */
export interface ScoredLine {
  /** A JSON object. */
  line: string
  /** Probability that text and picture belong together. */
  score: number | null
}

/** Adds a score to a JSON object as the text that it is: numbers of any size and fields of any kind stay as they are. */
export const withScore = ({ line, score }: ScoredLine): string =>
  `${line.trim().slice(0, -1).trimEnd()},"score":${score === null ? 'null' : Number(score.toFixed(4))}}`

/**
 * Refuses an output folder that is there already.
 *
 * @throws InvalidArgumentError
 */
export async function assertNew(folder: string): Promise<void> {
  if (!(await stat(folder).catch(() => undefined))) return
  throw new InvalidArgumentError({
    argument: '--out',
    rule: 'must be a folder that is not there yet',
    received: folder,
    fix: 'Name another one, or remove it.',
  })
}

/**
 * Writes `kept.jsonl` and `dropped.jsonl`, each in the order of the lines; the folder appears with both whole, or not at all.
 *
 * @param threshold lines with this score or more are kept
 * @throws InvalidArgumentError for a folder that is there already.
 */
export async function writeCleaned(
  folder: string,
  lines: readonly ScoredLine[],
  threshold: number,
  others: Record<string, string | Uint8Array> = {},
): Promise<{ kept: number; dropped: number }> {
  await assertNew(folder)
  const isKept = ({ score }: ScoredLine): boolean => score !== null && score >= threshold
  const kept = lines.filter(isKept)
  const dropped = lines.filter(line => !isKept(line))
  const asText = (some: readonly ScoredLine[]): string => some.map(line => `${withScore(line)}\n`).join('')
  await mkdir(dirname(resolve(folder)), { recursive: true })
  const partial = await mkdtemp(join(dirname(resolve(folder)), `.${basename(folder)}-`))
  try {
    const files = { ...others, 'kept.jsonl': asText(kept), 'dropped.jsonl': asText(dropped) }
    for (const [name, content] of Object.entries(files)) {
      await mkdir(dirname(join(partial, name)), { recursive: true })
      await writeFile(join(partial, name), content)
    }
    await rename(partial, folder)
  } catch (error) {
    await rm(partial, { recursive: true, force: true })
    throw error
  }
  return { kept: kept.length, dropped: dropped.length }
}
