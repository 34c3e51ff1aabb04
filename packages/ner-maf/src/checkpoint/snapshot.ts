import type { Parameters } from '@mafjs/tensor'
import * as tf from '@tensorflow/tfjs-core'

/** The values of every parameter, read from the device. */
export type Snapshot = Record<string, { shape: number[]; values: Float32Array }>

/** Copies every parameter's values from the device. */
export async function takeSnapshot(parameters: Parameters): Promise<Snapshot> {
  const entries = Object.entries(parameters).map(async ([name, variable]) => {
    // A copy: some backends hand out their own memory, which the next update changes.
    const values = (await variable.data<'float32'>()).slice()
    return [name, { shape: variable.shape, values }] as const
  })
  return Object.fromEntries(await Promise.all(entries))
}

/** Puts a snapshot's values back into the parameters it was taken from. */
export function assignSnapshot(parameters: Parameters, snapshot: Snapshot): void {
  for (const [name, variable] of Object.entries(parameters)) {
    const { shape, values } = snapshot[name]!
    const restored = tf.tensor(values.slice(), shape)
    variable.assign(restored)
    restored.dispose()
  }
}
