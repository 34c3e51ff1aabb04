import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { runtimeVersion } from '@mafjs/compile'
import { describeEngine, type Engine } from '@mafjs/compile/engine'
import { type Dataset, type Example, pictureIdOf } from '@mafjs/data'
import { InvalidArgumentError } from '@mafjs/tensor'
import * as tf from '@tensorflow/tfjs-core'
import { dataFingerprint, pictureFingerprint } from '../evaluate'
import { version } from '../version'

/** What tells whether two splits are the same. */
export interface Fingerprint {
  posts: number
  words: number
  /** Spans that a `B-` label opens. */
  entities: number
  /** Posts whose picture is at hand. */
  pictures: number
  /** Of words and labels. */
  data: string
  /** Of the pictures' file names. */
  pictureNames: string
}

function fingerprint(examples: readonly Example[]): Fingerprint {
  const words = examples.reduce((sum, { words }) => sum + words.length, 0)
  const labels = examples.flatMap(({ labels = [] }) => labels)
  const files = examples.map(pictureIdOf)
  return {
    posts: examples.length,
    words,
    entities: labels.filter(label => label.startsWith('B-')).length,
    pictures: files.filter(file => file !== undefined).length,
    data: dataFingerprint(examples),
    pictureNames: pictureFingerprint(files),
  }
}

/** What a run was made of, as its folder and its checkpoints say it: all options, the data, and by what. */
export interface RunRecord extends Record<string, unknown> {
  fingerprints: Record<string, Fingerprint>
  versions: Record<string, string>
  /** Commit of the repository that the run was started in, with `-dirty` for changes; null outside of one. */
  commit: string | null
  computedBy: string
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

/** The record of a run that begins now. */
export async function runRecord(
  options: Record<string, unknown>,
  dataset: Dataset,
  engine: Engine,
): Promise<RunRecord> {
  const splits = Object.values(dataset).map(({ name, examples }) => [name, fingerprint(examples)])
  const versions: Record<string, string> = {
    'ner-maf': version,
    node: process.versions.node,
    'tfjs-core': tf.version_core,
    ...(engine.name === 'onnx' && { onnxruntime: await runtimeVersion() }),
  }
  return {
    ...options,
    fingerprints: Object.fromEntries(splits),
    versions,
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
export function assertSameRun(before: RunRecord, now: RunRecord): string[] {
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
    fix: 'Resume with the same, or start anew with --overwrite.',
  })
}
