import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { promisify } from 'node:util'
import { runtimeVersion } from '@mafjs/compile'
import { describeEngine, type Engine } from '@mafjs/compile/engine'
import { InvalidArgumentError } from '@mafjs/tensor'
import * as tf from '@tensorflow/tfjs-core'

/** What a run was made of, as its folder and its checkpoints say it: all options, the data, and by what. */
export interface RunRecord extends Record<string, unknown> {
  /** What tells whether two splits are the same. */
  fingerprints: Record<string, unknown>
  versions: Record<string, string>
  /** Commit of the repository that the run was started in, with `-dirty` for changes; null outside of one. */
  commit: string | null
  computedBy: string
}

/** What two runs must have in common: options by name, and the data. */
export type ComparableRecord = Record<string, unknown> & Pick<RunRecord, 'fingerprints'>

/** What tells whether two lists of rows are the same: their number, and a digest of what of them is plain JSON. */
const fingerprint = (rows: readonly unknown[]): object => {
  const hash = createHash('sha256')
  for (const row of rows) hash.update(`${JSON.stringify(row)}\n`)
  return { rows: rows.length, data: hash.digest('hex').slice(0, 16) }
}

async function commitHere(): Promise<string | null> {
  const git = async (...args: string[]): Promise<string> =>
    (await promisify(execFile)('git', args)).stdout.trim()
  try {
    const commit = await git('rev-parse', 'HEAD')
    return (await git('status', '--porcelain', '--untracked-files=no')) === '' ? commit : `${commit}-dirty`
  } catch {
    return null
  }
}

/** What a record is made of. */
export interface RunRecordInputs {
  /** Options that bear on the result; with `fingerprints` and `versions` of their own, where the caller knows better. */
  options: Record<string, unknown> & Partial<Pick<RunRecord, 'fingerprints' | 'versions'>>
  engine: Engine
  splits: Record<string, readonly unknown[] | undefined>
}

/** The record of a run that begins now. */
export async function runRecord({ options, engine, splits }: RunRecordInputs): Promise<RunRecord> {
  const fingerprints = (): Record<string, unknown> =>
    Object.fromEntries(
      Object.entries(splits).flatMap(([name, rows]) => (rows ? [[name, fingerprint(rows)]] : [])),
    )
  return {
    ...options,
    fingerprints: options.fingerprints ?? fingerprints(),
    versions: {
      ...options.versions,
      node: process.versions.node,
      'tfjs-core': tf.version_core,
      ...(engine.name === 'onnx' && { onnxruntime: await runtimeVersion() }),
    },
    commit: await commitHere(),
    computedBy: describeEngine(engine),
  }
}

/** What may differ where a run goes on: it is said, and the result is then not the same to the last bit. */
const FREE = new Set(['versions', 'commit', 'computedBy'])

/**
 * Checks that a run that is to go on is the one that was begun.
 *
 * @returns sentences for a person about what differs and may
 * @throws InvalidArgumentError naming the first option or split that differs.
 */
export function assertSameRun(before: ComparableRecord, now: ComparableRecord): string[] {
  const json = (value: unknown): string => JSON.stringify(value) ?? 'nothing'
  const differing = [...new Set([...Object.keys(before), ...Object.keys(now)])].filter(
    name => json(before[name]) !== json(now[name]),
  )
  const broken = differing.find(name => !FREE.has(name))
  if (broken === undefined) {
    return differing.map(
      name => `Resumed with another ${name}: ${json(now[name])}, before it was ${json(before[name])}.`,
    )
  }
  const split = Object.keys({ ...before.fingerprints, ...now.fingerprints }).find(
    name => json(before.fingerprints[name]) !== json(now.fingerprints[name]),
  )
  const [argument, was, is] =
    broken === 'fingerprints'
      ? [`data, ${split}`, before.fingerprints[split!], now.fingerprints[split!]]
      : [broken, before[broken], now[broken]]
  throw new InvalidArgumentError({
    argument,
    rule: `must be what the run began with where it is resumed: ${json(was)}`,
    received: json(is),
    fix: 'Resume with the same, or start anew with overwrite: true.',
  })
}
