import { quantile } from '@mafjs/evaluate'

/** How long something took, milliseconds: by the clock, and of all cores together, which other work changes less. */
export interface Time {
  clock: number
  cores: number
}

/** Starts a clock that tells the time since then. */
export function startClock(): () => Time {
  const [started, before] = [performance.now(), process.cpuUsage()]
  return () => {
    const { user, system } = process.cpuUsage(before)
    return { clock: performance.now() - started, cores: (user + system) / 1000 }
  }
}

/** Runs something and tells what it took. */
export async function timed(work: () => Promise<unknown>): Promise<Time> {
  const time = startClock()
  await work()
  return time()
}

/** Milliseconds that a shell's children took, of the user and of the system: the last line of its `times`. */
export function childrenTime(times: string): number {
  const last = times.trim().split('\n').at(-1)!
  const parts = [...last.matchAll(/(\d+)m([\d.]+)s/g)]
  return parts.reduce((sum, [, minutes, seconds]) => sum + 6e4 * Number(minutes) + 1e3 * Number(seconds), 0)
}

const quartiles = (values: readonly number[], digits: number): string => {
  const [low, median, high] = [0.25, 0.5, 0.75].map(share => quantile(values, share).toFixed(digits))
  return `${median} (${low} to ${high})`
}

/** Milliseconds as median and quartiles. */
export const shown = (times: readonly number[], digits = 1): string =>
  quartiles(times, digits).replace(' ', ' ms ')

/** Times of turns, and their ratios to those of another beside them, as medians and quartiles; a line for each clock. */
export function compared(times: readonly Time[], others: readonly Time[], name: string): string[] {
  return (['clock', 'cores'] as const).map(kind => {
    const own = times.map(time => time[kind])
    const ratios = own.map((time, turn) => time / others[turn]![kind])
    return `${kind}: ${shown(own)}, ${quartiles(ratios, 2).replace(' ', ` x ${name} `)}`
  })
}
