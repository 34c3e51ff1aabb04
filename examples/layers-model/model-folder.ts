import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { InvalidArgumentError } from '@mafjs/tensor'
import * as tf from '@tensorflow/tfjs-core'

/** The files of a saved model, as every program of TensorFlow.js reads them. */
const [MODEL, WEIGHTS] = ['model.json', 'weights.bin']

/**
 * A folder that `model.save` writes and `loadLayersModel` reads. `file://` addresses do the same where
 * `@tensorflow/tfjs-node` is installed; TensorFlow.js alone knows no files.
 */
export function modelFolder(folder: string): tf.io.IOHandler {
  return {
    // Written beside its place and moved there: nobody ever sees half a model.
    async save({ weightData, weightSpecs, modelTopology, ...rest }) {
      if (existsSync(folder) && !existsSync(join(folder, MODEL))) {
        throw new InvalidArgumentError({
          argument: 'folder',
          rule: 'must not exist, or hold a model, which is then replaced',
          received: folder,
        })
      }
      const between = `${folder}.${randomUUID()}`
      const artifacts = { modelTopology, weightSpecs, weightData }
      await mkdir(between, { recursive: true })
      try {
        const weightsManifest = [{ paths: [WEIGHTS], weights: weightSpecs }]
        await writeFile(join(between, MODEL), JSON.stringify({ ...rest, modelTopology, weightsManifest }))
        const whole = tf.io.CompositeArrayBuffer.join(weightData)
        await writeFile(join(between, WEIGHTS), new Uint8Array(whole))
        await rm(folder, { recursive: true, force: true })
        await rename(between, folder)
      } catch (error) {
        await rm(between, { recursive: true, force: true })
        throw error
      }
      return { modelArtifactsInfo: tf.io.getModelArtifactsInfoForJSON(artifacts as tf.io.ModelArtifacts) }
    },
    async load() {
      const json = await readFile(join(folder, MODEL), 'utf8').catch((cause: Error) => {
        throw new InvalidArgumentError({
          argument: 'folder',
          rule: `must hold a saved model (${MODEL})`,
          received: cause.message,
        })
      })
      const { modelTopology, weightsManifest, ...rest } = JSON.parse(json)
      const bytes = await readFile(join(folder, WEIGHTS))
      return {
        ...rest,
        modelTopology,
        weightSpecs: weightsManifest[0].weights,
        weightData: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength),
      }
    },
  }
}
