import { readFileSync } from 'node:fs'
import { arch, availableParallelism, cpus, loadavg, platform, totalmem } from 'node:os'

/** What a measurement depends on; nothing that names the machine. */
export interface Machine {
  processor: string
  cores: number
  /** GiB */
  memory: number
  system: string
  /** Vector and matrix instructions the processor has. */
  instructions: string[]
  node: string
}

/** The instructions that decide how fast a product is. */
const TELLING = /^(avx2|fma|avx_vnni|avx512.*|amx_.*|asimd.*|sve.*|i8mm|bf16)$/

/** The processor's flags as Linux lists them; none elsewhere. */
export function processorFlags(): string[] {
  try {
    const line = readFileSync('/proc/cpuinfo', 'utf8').match(/^(?:flags|Features)\s*:\s*(.*)$/m)
    return line ? line[1]!.split(' ') : []
  } catch {
    return []
  }
}

/** This machine. */
export function describeMachine(): Machine {
  return {
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memory: Math.round(totalmem() / 2 ** 30),
    system: `${platform()} ${arch()}`,
    instructions: processorFlags().filter(flag => TELLING.test(flag)),
    node: process.version,
  }
}

/** How many processes wanted to run during the last minute. */
export const currentLoad = (): number => loadavg()[0]!

/** The machine and its load in a line. */
export function machineLine(): string {
  const { processor, cores, node } = describeMachine()
  return `${processor}, ${cores} cores, node ${node}, load ${currentLoad().toFixed(1)}`
}
