import { join } from 'node:path'
import type { io } from '@tensorflow/tfjs-core'
import { exists } from './exists'
import { readWholeFile } from './read-file'
import { readJson } from './read-json'
import { readWhole } from './read-whole'
import { type FolderKind, writeFolder } from './write-folder'

/** The files of a saved model, as every program of TensorFlow.js reads them. */
const [MODEL, WEIGHTS] = ['model.json', 'weights.bin']

const KIND: FolderKind = { name: 'a saved model', mark: MODEL, isOne: folder => exists(join(folder, MODEL)) }

const FIX = 'Name a folder that model.save has written.'

/** `model.json`: the artifacts but the weights themselves. */
type SavedModel = Omit<io.ModelArtifacts, 'weightData' | 'weightSpecs'> & {
  weightsManifest: io.WeightsManifestConfig
}

/**
 * A folder for `model.save` and `loadLayersModel` of tfjs-layers, written whole or not at all; a model that is there is
 * replaced. TensorFlow.js itself writes files with `@tensorflow/tfjs-node` alone.
 *
 * @throws InvalidArgumentError when saving, for a folder that holds something else; when loading, for one without a model.
 */
export function layersModelFolder(folder: string): io.IOHandler {
  return {
    async save({ weightData, weightSpecs, ...rest }) {
      const weightsManifest = [{ paths: [WEIGHTS], weights: weightSpecs ?? [] }]
      const weights = [weightData ?? []].flat().map(buffer => new Uint8Array(buffer))
      const files = { [MODEL]: JSON.stringify({ ...rest, weightsManifest }), [WEIGHTS]: weights }
      await writeFolder(folder, files, { kind: KIND, overwrite: true })
      return { modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: 'JSON' } }
    },
    load: () =>
      readWhole(folder, async place => {
        const json = { fields: { weightsManifest: Array.isArray }, fix: FIX }
        const { weightsManifest, ...rest } = await readJson<SavedModel>(join(place, MODEL), json)
        const bytes = await readWholeFile(join(place, WEIGHTS), FIX)
        const weightSpecs = weightsManifest.flatMap(({ weights }) => weights)
        return { ...rest, weightSpecs, weightData: Uint8Array.from(bytes).buffer }
      }),
  }
}
