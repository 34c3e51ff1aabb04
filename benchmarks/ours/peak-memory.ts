import { readFileSync, writeFileSync } from 'node:fs'

/** The peak of this process's resident memory since its start or the last reset, in bytes; Linux alone tells it. */
export function peakBytes(): number {
  const line = readFileSync('/proc/self/status', 'utf8').match(/^VmHWM:\s+(\d+) kB$/m)
  return Number(line![1]) * 1024
}

/** Makes the peak start from what is resident now. */
export function resetPeak(): void {
  writeFileSync('/proc/self/clear_refs', '5')
}
