import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { buildMaf, type Maf, type MafConfig } from '@mafjs/ner-maf'
import * as tf from '@tensorflow/tfjs-core'
import { openTensorFile } from '../files/tensor-file'

/** How a model is loaded. */
export interface LoadModelOptions {
  folder: string
  model: 'reference' | 'default'
  /** Whether the pictures come as features, so that no image encoder is needed. */
  features: boolean
}

/**
 * A model with the weights of the race, one tensor at a time.
 *
 * @throws Error for a parameter whose values no file holds.
 */
export async function loadModel({ folder, model: name, features }: LoadModelOptions): Promise<Maf> {
  const config = JSON.parse(await readFile(join(folder, `${name}.json`), 'utf8')) as MafConfig
  if (features) delete config.imageEncoder
  const model = buildMaf(config, { initialise: false })
  // What both models have in the same shape is in the reference's file alone.
  const files = [name, 'reference'].map(stem => openTensorFile(join(folder, `${stem}.safetensors`)))
  for (const [parameter, variable] of Object.entries(model.parameters())) {
    const file = files.find(candidate => candidate.has(parameter))
    if (!file) throw new Error(`No file of weights holds "${parameter}".`)
    const { shape, values } = file.read(parameter)
    const tensor = tf.tensor(values, shape)
    variable.assign(tensor)
    tensor.dispose()
  }
  for (const file of files) file.close()
  return model
}
