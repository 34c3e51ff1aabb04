import { quantile } from '../race/statistics'
import type { Measurement } from './measurement'

/** Reading a picture and cutting a text, as prediction does before the model runs. */
export const preprocessing: Measurement = {
  name: 'preprocessing',
  title: 'preprocessing of a post: a JPEG of 640 x 512 pixels and 15 words',
  measure: async ({ ours, folder, settings, repeats }) => {
    const side = ours.start(settings)
    try {
      await side.ask('load', { work: { kind: 'preprocess', inputs: 'post' }, folder, settings })
      await side.ask('run', { repeat: 20 })
      const medians: number[] = []
      for (let turn = 0; turn < repeats; turn++) {
        medians.push(quantile((await side.ask('run', { repeat: 40 })).ms, 0.5))
      }
      return [{ what: 'per post', value: quantile(medians, 0.5), unit: 'ms' }]
    } finally {
      await side.close()
    }
  },
}
