import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as tf from '@tensorflow/tfjs-core'
import * as tfl from '@tensorflow/tfjs-layers'
import type { QuestionTensors } from './batch-questions'
import { registerKinds } from './build-models'
import { modelFolder } from './model-folder'

/** What became of a model that was saved and loaded again. */
export interface Reloaded {
  /** Numbers that the model predicts, and how many of them the loaded one predicts to the last bit. */
  numbers: number
  equal: number
}

/** Saves a model, loads it, and compares what both predict. @param folder none: a temporary one, which is removed */
export async function saveAndLoad(
  model: tfl.LayersModel,
  { inputs }: QuestionTensors,
  folder?: string,
): Promise<Reloaded> {
  const temporary = folder === undefined ? await mkdtemp(join(tmpdir(), 'maf-layers-model-')) : undefined
  try {
    const place = modelFolder(folder ?? join(temporary!, 'model'))
    await model.save(place)
    registerKinds()
    const loaded = await tfl.loadLayersModel(place)
    const [before, after] = [model, loaded].map(one => one.predict(inputs) as tf.Tensor)
    const [expected, given] = [before!.dataSync(), after!.dataSync()]
    tf.dispose([before!, after!])
    loaded.dispose()
    return { numbers: expected.length, equal: expected.filter((value, i) => value === given[i]).length }
  } finally {
    if (temporary !== undefined) await rm(temporary, { recursive: true })
  }
}
