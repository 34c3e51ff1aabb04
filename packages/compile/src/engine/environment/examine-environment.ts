import { totalmem } from 'node:os'
import { readJson } from '@mafjs/tensor/files'
import { type Int8Probe, probeInt8 } from '../../session/probe-int8'
import { availableThreads } from '../../session/thread-count'
import { processorName } from '../processor-name'
import { findGpus } from './find-gpus'
import { findPackageJSON } from './find-package'
import { ENVIRONMENT_PARTS, type EnvironmentPart } from './parts'

/** The oldest Node that the packages run on. */
const OLDEST_NODE = [20, 19] as const

/** What was found of one part. */
export interface FoundPart extends Pick<EnvironmentPart, 'name' | 'package' | 'isOptional' | 'fix'> {
  /** Of its package; none where that is not installed. */
  version?: string
  state: 'works' | 'not installed' | 'does not work'
  /** Why it does not. */
  reason?: string
}

/** What this machine has to compute with. */
export interface EnvironmentReport {
  node: { version: string; isSupported: boolean; platform: string }
  /** What computes, and how many threads a command may use. */
  processor: { name: string; threads: number }
  /** Bytes. */
  memory: number
  gpus: string[]
  /** What products of bytes come to here; null without ONNX Runtime. */
  int8: Int8Probe | null
  parts: FoundPart[]
}

async function packageVersion({ package: name, from }: EnvironmentPart): Promise<string | undefined> {
  const file = findPackageJSON(name, from)
  const fix = 'Install the package again.'
  return file === undefined ? undefined : (await readJson<{ version: string }>(file, { fix })).version
}

async function examine(whole: EnvironmentPart): Promise<FoundPart> {
  const { attempt, from: _, ...part } = whole
  const version = await packageVersion(whole)
  if (version === undefined) return { ...part, state: 'not installed' }
  try {
    await attempt()
    return { ...part, version, state: 'works' }
  } catch (error) {
    const { message } =
      (error as Error).cause instanceof Error ? ((error as Error).cause as Error) : (error as Error)
    return { ...part, version, state: 'does not work', reason: message.split('\n')[0]! }
  }
}

/**
 * Tries everything that there is to compute with, one after another.
 *
 * @param parts what is tried. @default ONNX Runtime on the processor and on WebGPU, and the three backends of tfjs
 */
export async function examineEnvironment(
  parts: readonly EnvironmentPart[] = ENVIRONMENT_PARTS,
): Promise<EnvironmentReport> {
  const { node } = process.versions
  const [major = 0, minor = 0] = node.split('.').map(Number)
  const isSupported = major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1])
  const found: FoundPart[] = []
  for (const part of parts) found.push(await examine(part))
  return {
    node: { version: node, isSupported, platform: `${process.platform} ${process.arch}` },
    processor: { name: processorName(), threads: availableThreads() },
    memory: totalmem(),
    gpus: await findGpus(),
    int8: await probeInt8().catch(() => null),
    parts: found,
  }
}
