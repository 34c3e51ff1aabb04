import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type BatchArrays, buildMaf, type Maf, type MafConfig } from '@mafjs/ner-maf'
import * as tf from '@tensorflow/tfjs-core'
import { type Arrays, openTensorFile } from '../files/tensor-file'
import type { WorkSpec } from '../protocol'

/** Regions of a ResNet's map. */
const REGIONS = 49

/** Reads the batches of a file. */
export function readBatches(folder: string, stem: string): Arrays[] {
  const batches: Arrays[] = []
  for (const [path, read] of Object.entries(openTensorFile(join(folder, `${stem}.safetensors`)))) {
    const [index, name] = path.split('/') as [string, string]
    batches[Number(index)] ??= {}
    batches[Number(index)]![name] = read()
  }
  return batches
}

/** A batch as a model reads it, with who is given whose picture. */
export type RaceBatch = BatchArrays & { exchanges?: object }

/** A stored batch as a model reads it; what the file does not hold is left out. */
export function batchArrays(arrays: Arrays): RaceBatch {
  const taken = (...names: string[]) => {
    const lacking = names.filter(name => !arrays[name])
    if (lacking.length > 0) throw new Error(`The batch holds no ${lacking.join(', ')}.`)
    return Object.fromEntries(names.map(name => [name, arrays[name]!]))
  }
  const rows = arrays['ids']!.shape[0]!
  const regions = { data: new Float32Array(rows * REGIONS).fill(1), shape: [rows, REGIONS] }
  const { regions: states, summary, partners, matched } = arrays
  return {
    text: taken('ids', 'mask'),
    ...(states && { image: { states, summary, mask: regions } }),
    ...(arrays['pixels'] && { image: taken('pixels', 'choice') }),
    ...(arrays['firstPieces'] && taken('firstPieces', 'wordMask')),
    ...(arrays['labels'] && taken('labels')),
    ...(matched && {
      exchanges: {
        partners,
        labels: { data: Float32Array.from(matched.data), shape: matched.shape },
        ...(arrays['rows'] && { again: taken('rows', 'pictures', 'places') }),
      },
    }),
  } as unknown as RaceBatch
}

/**
 * A model with the weights of the race, one tensor at a time.
 *
 * @param features whether the pictures come as features, so that no image encoder is needed
 * @throws Error for a parameter whose values no file holds.
 */
export async function loadModel(
  folder: string,
  { model: name = 'reference' }: WorkSpec,
  features: boolean,
): Promise<Maf> {
  const config = JSON.parse(await readFile(join(folder, `${name}.json`), 'utf8')) as MafConfig
  if (features) delete config.imageEncoder
  const model = buildMaf(config, { initialise: false })
  // What both models have in the same shape is in the reference's file alone.
  const files = [name, 'reference'].map(stem => openTensorFile(join(folder, `${stem}.safetensors`)))
  for (const [parameter, variable] of Object.entries(model.parameters())) {
    const read = files.find(file => file[parameter])?.[parameter]
    if (!read) throw new Error(`No file of weights holds "${parameter}".`)
    const { shape, data } = read()
    const tensor = tf.tensor(data, [...shape])
    variable.assign(tensor)
    tensor.dispose()
  }
  return model
}
