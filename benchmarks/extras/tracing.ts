import { quantile } from '../race/statistics'
import type { Measurement } from './measurement'

/** What the first step takes longer than a later one: recording, optimising, encoding, and the session. */
export const tracing: Measurement = {
  name: 'tracing',
  title: 'tracing + session creation for the full training step',
  measure: async ({ ours, folder, settings }) => {
    const side = ours.start(settings)
    try {
      await side.ask('load', { work: { kind: 'train', inputs: 'train' }, folder, settings })
      const first = await side.ask('run', { repeat: 1 })
      const later = await side.ask('run', { repeat: 3 })
      const seconds = (first.ms[0]! - quantile(later.ms, 0.5)) / 1000
      return [{ what: 'beyond a step', value: seconds, unit: 's', bar: 10 }]
    } finally {
      await side.close()
    }
  },
}
