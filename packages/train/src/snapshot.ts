import { join } from 'node:path'
import { InvalidArgumentError, type Parameters } from '@mafjs/tensor'
import { readWholeFile } from '@mafjs/tensor/files'
import { readSafetensors, toFloat32 } from '@mafjs/tensor/safetensors'
import * as tf from '@tensorflow/tfjs-core'

/** The values of parameters, row-major, read from the device. */
export type Snapshot = Record<string, { shape: readonly number[]; values: Float32Array }>

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
  for (const [name, variable] of Object.entries(parameters)) assignValues(variable, snapshot[name]!.values)
}

/** Gives a parameter values, which are copied. */
export function assignValues(variable: tf.Variable, values: Float32Array): void {
  const restored = tf.tensor(values.slice(), variable.shape)
  variable.assign(restored)
  restored.dispose()
}

/** Reads `model.safetensors` of a folder. */
export async function readSnapshot(folder: string, fix: string): Promise<Snapshot> {
  const file = join(folder, 'model.safetensors')
  const { tensors } = readSafetensors(await readWholeFile(file, fix), file)
  return Object.fromEntries(
    Object.entries(tensors).map(([name, stored]) => [
      name,
      { shape: stored.shape, values: toFloat32(stored) },
    ]),
  )
}

/**
 * Checks that a snapshot has all parameters, in their shapes, and nothing else.
 *
 * @param of where it is from, for errors
 * @throws InvalidArgumentError naming the first that does not fit.
 */
export function assertSnapshot(
  parameters: Parameters,
  snapshot: Snapshot,
  { of, fix }: { of: string; fix: string },
): void {
  const names = [...new Set([...Object.keys(parameters), ...Object.keys(snapshot)])]
  const shown = (shape: readonly number[] | undefined): string =>
    shape ? `[${shape.join(', ')}]` : 'not there'
  for (const name of names) {
    const [wanted, received] = [shown(parameters[name]?.shape), shown(snapshot[name]?.shape)]
    if (wanted === received) continue
    throw new InvalidArgumentError({ argument: `${of}, ${name}`, rule: `must be ${wanted}`, received, fix })
  }
}
