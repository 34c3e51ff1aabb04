import type { DeclaredInput, OpenedModel } from '@mafjs/compile'
import { InvalidArgumentError } from '@mafjs/tensor'
import { EXPORT_FILES, type ExportConfig, type ExportedTensor } from './export-config'

/** The way out of a folder whose files do not belong together. */
export const COPY =
  'A file was changed or belongs to another export; copy the folder again, or export the model again.'

/**
 * Checks that a file of an export is the one that was written.
 *
 * @param received its SHA-256
 * @throws InvalidArgumentError naming the file, where the export's configuration has another digest of it.
 */
export function assertDigest(file: string, expected: string | undefined, received: string): void {
  if (expected === received) return
  throw new InvalidArgumentError({
    argument: file,
    rule: `must be the file whose SHA-256 is ${expected ?? 'in config.json'}`,
    received,
    fix: COPY,
  })
}

/**
 * Checks that an opened graph is the one that an export's configuration describes, and that a batch fits it.
 *
 * @throws InvalidArgumentError naming the file and the field.
 */
export function assertExportGraph(
  opened: Pick<OpenedModel, 'declared' | 'declaredOutputs'>,
  { inputs, outputs, model, labels, pictures }: ExportConfig,
  file: string,
): void {
  const refuse = (rule: string, received: string): never => {
    throw new InvalidArgumentError({ argument: file, rule, received, fix: COPY })
  }
  const pairs = [
    ['inputs', inputs, opened.declared],
    ['outputs', outputs, opened.declaredOutputs],
  ] as const
  for (const [field, described, declared] of pairs) {
    const real = shown(declared)
    if (shown(described) !== real) {
      refuse(`must have as "${field}" those of ${EXPORT_FILES.model}: ${real}`, shown(described))
    }
  }
  const words = model.steps === 'words'
  const isOnnx = model.imageEncoder?.kind === 'onnx'
  const images = isOnnx ? ['regions', 'summary', 'regionMask'] : ['pixels', 'choice']
  const shapes = model.textEncoder.wordShapes ? ['shapes'] : []
  const read = ['ids', 'mask', ...shapes, ...(words ? ['firstPieces'] : []), ...(pictures ? images : [])]
  const names = inputs.map(({ name }) => name)
  if (names.length !== read.length || !read.every(name => names.includes(name))) {
    refuse(`must have ${read.join(', ')} as "inputs", as its "model" and "pictures" say`, names.join(', '))
  }
  const shapeOf = (tensors: readonly ExportedTensor[], wanted: string) =>
    tensors.find(({ name }) => name === wanted)?.shape
  const tokens = shapeOf(inputs, 'ids')?.[1]
  if (model.padTo === 'longest' ? typeof tokens === 'number' : tokens !== model.padTo) {
    refuse(`must have as "model.padTo" the length of the input ids, ${tokens}`, String(model.padTo))
  }
  const side = shapeOf(inputs, 'pixels')?.[1]
  const channels = shapeOf(inputs, 'regions')?.[2]
  if (isOnnx && channels !== model.interaction?.imageSize) {
    refuse(
      `must have as "model.interaction.imageSize" the size of the input regions, ${channels}`,
      String(model.interaction?.imageSize),
    )
  }
  if (!isOnnx && side !== pictures?.size)
    refuse(`must have a "pictures.size" of ${side}`, String(pictures?.size))
  for (const [map, axes] of Object.entries({ gate: 3, attention: 4 })) {
    const shape = shapeOf(outputs, map)
    if (shape && shape.length !== axes) {
      refuse(`must have ${axes} axes in "${map}" of its "outputs"`, `[${shape.join(', ')}]`)
    }
  }
  const emissions = shapeOf(outputs, 'emissions')
  if (emissions?.length !== 3 || emissions[2] !== labels.length) {
    const rule = `must have emissions of ${labels.length} labels among its "outputs"`
    refuse(rule, emissions === undefined ? 'none' : `[${emissions.join(', ')}]`)
  }
}

/** Tensors in words, in the order of their names; a dimension of any length is one, whatever it is called. */
const shown = (tensors: readonly DeclaredInput[]): string =>
  tensors
    .map(({ name, type, shape }) => {
      const lengths = shape.map(length => (typeof length === 'number' && length >= 0 ? length : '?'))
      return `${name} ${type} [${lengths.join(', ')}]`
    })
    .sort()
    .join('; ')
