import type { WorkSpec } from '../protocol'
import type { Measurement, MeasurementOptions } from './measurement'

const WORK: WorkSpec = { kind: 'infer', inputs: 'infer-1' }

/** About so long one way is measured, milliseconds. */
const LONG = 3000

/** Posts per second of some workers that serve at the same time. */
async function throughput(
  workers: number,
  threads: number,
  { ours, folder, settings }: MeasurementOptions,
): Promise<number> {
  const run = { ...settings, threads }
  const sides = Array.from({ length: workers }, () => ours.start(run))
  try {
    let slowest = 0
    for (const side of sides) {
      await side.ask('load', { work: WORK, folder, settings: run })
      const { ms } = await side.ask('run', { repeat: 2 })
      slowest = Math.max(slowest, ms[1]!)
    }
    const repeat = Math.max(3, Math.ceil(LONG / slowest))
    const started = performance.now()
    await Promise.all(sides.map(side => side.ask('run', { repeat })))
    return (1000 * workers * repeat) / (performance.now() - started)
  } finally {
    for (const side of sides) await side.close()
  }
}

/** Whether two workers with a thread each serve more than one with two. */
export const twoWorkers: Measurement = {
  name: 'two-workers',
  title: 'inference, B = 1, two workers with one thread each against one with two',
  measure: async options => [
    { what: 'one worker, two threads', value: await throughput(1, 2, options), unit: 'posts/s' },
    { what: 'two workers, one thread each', value: await throughput(2, 1, options), unit: 'posts/s' },
  ],
}
