import type { Settings, WorkSpec } from '../protocol'
import type { Measurement, MeasurementOptions, Value } from './measurement'

/** What keeps a thread busy, and how many runs make some seconds of it. */
const WORKS: { what: string; work: WorkSpec; repeat: number }[] = [
  { what: 'training', work: { kind: 'train', inputs: 'train' }, repeat: 4 },
  { what: 'serving', work: { kind: 'infer', inputs: 'infer-1' }, repeat: 40 },
]

async function delays(run: Settings, { ours, folder }: MeasurementOptions): Promise<Value[]> {
  const place = run['worker'] === 'on' ? 'in a worker' : 'in this thread'
  const values: Value[] = []
  for (const { what, work, repeat } of WORKS) {
    const side = ours.start(run)
    try {
      await side.ask('load', { work, folder, settings: run })
      await side.ask('run', { repeat: 1 })
      const { eventLoop } = await side.ask('run', { repeat })
      if (!eventLoop) throw new Error('The side tells nothing of its event loop.')
      values.push(
        { what: `${what} ${place}: 99 of 100`, value: eventLoop.p99, unit: 'ms' },
        { what: `${what} ${place}: longest`, value: eventLoop.longest, unit: 'ms' },
      )
    } finally {
      await side.close()
    }
  }
  return values
}

/** How long other work has to wait for its turn while a model is trained or serves in this thread, and in one of its own. */
export const eventLoop: Measurement = {
  name: 'event-loop',
  title: 'delay of the event loop while a model is trained or serves',
  measure: async options => [
    ...(await delays(options.settings, options)),
    ...(await delays({ ...options.settings, worker: 'on' }, options)),
  ],
}
