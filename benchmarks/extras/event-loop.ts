import type { Settings, WorkSpec } from '../protocol'
import type { Measurement, MeasurementOptions, Value } from './measurement'

const WORK: WorkSpec = { kind: 'train', inputs: 'train' }

async function delays(what: string, run: Settings, { ours, folder }: MeasurementOptions): Promise<Value[]> {
  const side = ours.start(run)
  try {
    await side.ask('load', { work: WORK, folder, settings: run })
    await side.ask('run', { repeat: 1 })
    const { eventLoop } = await side.ask('run', { repeat: 4 })
    if (!eventLoop) throw new Error('The side tells nothing of its event loop.')
    return [
      { what: `${what}: 99 of 100`, value: eventLoop.p99, unit: 'ms' },
      { what: `${what}: longest`, value: eventLoop.longest, unit: 'ms' },
    ]
  } finally {
    await side.close()
  }
}

/** How long other work has to wait for its turn while training steps run in this thread, and in one of their own. */
export const eventLoop: Measurement = {
  name: 'event-loop',
  title: 'delay of the event loop during training steps',
  measure: async options => [
    ...(await delays('in this thread', options.settings, options)),
    ...(await delays('in a worker', { ...options.settings, worker: 'on' }, options)),
  ],
}
