import { describeProbe } from '../../session/probe-int8'
import type { EnvironmentReport, FoundPart } from './examine-environment'

const GIGABYTE = 1e9

const partLine = ({ name, package: from, version, state, reason }: FoundPart): string => {
  const source = version === undefined ? from : `${from} ${version}`
  const why = reason === undefined ? '' : `: ${reason}`
  return `  ${name.padEnd(32)} ${state}${why} (${source})`
}

const remedies = (parts: readonly FoundPart[]): string[] =>
  parts.filter(({ state }) => state !== 'works').map(({ name, fix }) => `  ${name}: ${fix}`)

/** What a part that does not work means. */
const isWrong = ({ state, isOptional }: FoundPart): boolean => state !== 'works' && !isOptional

/** Whether something is wrong that nothing works without. */
export const isUnusable = ({ node, parts }: EnvironmentReport): boolean =>
  !node.isSupported || parts.some(isWrong)

/** Whether all works, but more slowly than it could. */
export const isSlow = ({ parts }: EnvironmentReport): boolean =>
  parts.some(({ name, state }) => name === 'engine onnx' && state !== 'works')

/** An examined environment as a person reads it. */
export function formatEnvironment(report: EnvironmentReport): string {
  const { node, processor, memory, gpus, int8, parts } = report
  const old = node.isSupported ? '' : ', which is too old: install 20.19 or later'
  const wanting = remedies(parts)
  return [
    `Node ${node.version}${old}, ${node.platform}`,
    `${processor.name}, ${processor.threads} ${processor.threads === 1 ? 'thread' : 'threads'}, ${(memory / GIGABYTE).toFixed(1)} GB of memory`,
    gpus.length > 0 ? `GPU: ${gpus.join('; ')}` : 'GPU: none that nvidia-smi knows',
    ...(int8 ? [`int8: ${describeProbe(int8)}`] : []),
    '',
    ...parts.map(partLine),
    ...(wanting.length > 0 ? ['', 'To have what does not work:', ...wanting] : []),
  ].join('\n')
}
