import { readFile, stat } from 'node:fs/promises'
import { dirname, isAbsolute, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { InvalidArgumentError } from '@mafjs/tensor'
import { readWhole } from '@mafjs/tensor/files'
import { isObject, parseJson } from '@mafjs/tensor/json'
import type { CheckpointFile } from './checkpoint-files'
import { HubError } from './hub-error'
import { resolveCheckpoint } from './resolve-checkpoint'

/** Where the model of a package is, unless its package.json says otherwise as `maf.model`. */
const MODEL_FOLDER = 'model'

const PACKAGE = /^(@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~-][a-z0-9._~-]*$/

const isFolder = (path: string): Promise<boolean> =>
  stat(path).then(
    found => found.isDirectory(),
    () => false,
  )

/** The folders above a place, from the nearest on, that packages may be installed in. */
function* installedIn(place: string): Generator<string> {
  yield join(place, 'node_modules')
  if (dirname(place) !== place) yield* installedIn(dirname(place))
}

/**
 * The model's folder in a package that is installed where the process runs or above, or else beside this one (as what is installed
 * globally is).
 *
 * @returns nothing where there is no such package
 * @throws InvalidArgumentError for a package without a model.
 */
export async function installedModel(name: string): Promise<string | undefined> {
  if (!PACKAGE.test(name)) return undefined
  const own = dirname(fileURLToPath(import.meta.url))
  for (const modules of new Set([...installedIn(process.cwd()), ...installedIn(own)])) {
    const folder = join(modules, name)
    const file = join(folder, 'package.json')
    const text = await readFile(file, 'utf8').catch(() => undefined)
    if (text === undefined) continue
    const { maf } = parseJson<{ maf?: unknown }>(text, file, { fix: 'Install the package again.' })
    const said = isObject(maf) ? maf['model'] : undefined
    const model = resolve(folder, typeof said === 'string' ? said : MODEL_FOLDER)
    const within = relative(folder, model)
    if (!within.startsWith('..') && !isAbsolute(within) && (await isFolder(model))) return model
    throw new InvalidArgumentError({
      argument: 'model',
      rule: `must be a package with a model: in its folder ${MODEL_FOLDER}, or where "maf": { "model": ... } of its package.json says`,
      received: `${name}, installed in ${modules}, without a folder ${said === undefined ? MODEL_FOLDER : JSON.stringify(said)}`,
      fix: 'Install a package that holds a model, or give the folder of one.',
    })
  }
  return undefined
}

/**
 * The folder of a trained model: an existing folder as it is, else a package that is installed where the process
 * runs or above or beside this one, else a repository of the hub.
 *
 * @param files what of a repository on the hub is downloaded
 * @throws InvalidArgumentError saying what was looked at, where nothing is called so.
 */
export async function resolveModel(model: string, files: readonly CheckpointFile[]): Promise<string> {
  // One that is being replaced is away for the moment.
  if (model !== '' && (await readWhole(model, isFolder))) return model
  const installed = await installedModel(model)
  if (installed !== undefined) return installed
  const downloaded = await resolveCheckpoint(model, { files }).catch((error: Error) => error)
  if (typeof downloaded === 'string') return downloaded
  const hub = downloaded instanceof HubError ? downloaded.message : 'no name on the hub'
  const found = await stat(model).then(
    () => 'a file',
    () => 'not there',
  )
  throw new InvalidArgumentError({
    argument: 'model folder',
    rule: 'must be a folder that `ner-maf train` or `ner-maf export` wrote, an installed package, or a name on the hub',
    received: model === '' ? 'an empty text' : model,
    fix: `Looked at: the folder ${resolve(model)} (${found}); packages in node_modules of ${process.cwd()} and above, and beside this one (${PACKAGE.test(model) ? 'none of this name' : 'no name of a package'}); the hub (${hub.replace(/\.$/, '')}).`,
  })
}
