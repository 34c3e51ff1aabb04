import { batchPictures, decodePictures, windowOverlapOf } from '@mafjs/data'
import { type PictureEncoder, rowEncoder } from '@mafjs/data/features'
import { type LoadPictureOptions, type PicturePreparation, preparationOf } from '@mafjs/encoders'
import { encodePictures } from '@mafjs/encoders/onnx'
import type { Explanation } from '@mafjs/explain'
import { InvalidArgumentError } from '@mafjs/tensor/errors'
import { parseJson } from '@mafjs/tensor/json'
import { tokenizerOf } from '../checkpoint/tokenizer-of'
import { assertExportConfig } from '../export/check-export-config'
import { assertExportGraph } from '../export/check-export-graph'
import { EXPORT_FILES, type ExportConfig } from '../export/export-config'
import { type ExportParts, exportParts } from '../export/export-parts'
import { annotator } from '../predict/annotate-posts'
import { type Annotation, assertAnnotateOptions } from '../predict/annotation'
import { assertExplainOptions } from '../predict/explain-options'
import { type ExplainerParts, explainer } from '../predict/explain-post'
import { tag } from '../task/tag'
import { type DownloadOptions, type ModelReader, modelReader } from './model-files'
import { pictureLoader } from './page-pictures'
import { type PageRuntime, pageRuntime } from './page-runtime'
import type { LoadedInPage, SentLoad, SentOptions, SentPicture, SentPost } from './protocol'

type Options = SentOptions & { signal: AbortSignal }

/** A model in its worker. */
export interface OpenedInPage {
  loaded: LoadedInPage
  annotate(post: SentPost, options: Options): Promise<Annotation>
  explain(post: SentPost, options: Options): Promise<Explanation>
  dispose(): Promise<void>
}

/**
 * Opens an exported model in a worker.
 *
 * @throws InvalidArgumentError naming the file that is missing, damaged or of another export
 */
export async function openInPage(given: SentLoad, options: DownloadOptions): Promise<OpenedInPage> {
  const reader = modelReader(given, options)
  const config = await readConfig(reader)
  const windowOverlap = windowOverlapOf(given, config.preprocessing)
  const { sha256 } = config
  const definition = await readJson(EXPORT_FILES.tokenizer, name => reader.checked(name, sha256?.[name]))
  const tokenizer = tokenizerOf(definition, config, typeof given.model === 'string' ? given.model : 'model')
  const runtime = await pageRuntime(given, config)
  const opened = await openGraph(reader, config, runtime)
  const parts = exportParts(config, tokenizer, opened)
  const image = await openImage(reader, config, runtime)
  const { preprocessing, model } = config
  const { pictureSize } = preprocessing
  const preparation = pictureSize === undefined ? undefined : preparationOf({ ...preprocessing, pictureSize })
  const shrinks = preparation?.shrinkOnLoad
    ? ['JPEGs are decoded whole here; the model was trained on such that were decoded smaller.']
    : []

  const encodeRows = image && rowEncoder(image)
  const posts = (post: SentPost, options: Options) => ({
    given: { ...post, pictures: undefined, images: post.pictures.map(({ name }) => name) },
    parts: postParts(parts, preparation, {
      pictures: [...post.pictures, ...(options.otherPicture ? [options.otherPicture] : [])],
      windowOverlap,
      pixelLimit: given.pixelLimit,
      encodeRows,
    }),
  })
  return {
    loaded: {
      types: model.types,
      readsPictures: preparation !== undefined,
      device: runtime.device,
      threads: runtime.threads,
      notes: [...runtime.notes, ...shrinks],
    },
    async annotate(post, options) {
      assertAnnotateOptions(options)
      const { given, parts } = posts(post, options)
      const [said] = await annotator(parts)([readable(given)], options)
      if (said instanceof Error) throw said
      return said!
    },
    async explain(post, options) {
      const { given, parts } = posts(post, options)
      const asked = { ...options, otherPicture: options.otherPicture?.name }
      assertExplainOptions(asked, preparation !== undefined)
      return explainer(parts)(readable(given), asked)
    },
    async dispose() {
      await image?.dispose()
      await parts.program.dispose()
    },
  }
}

/** A post as it is read everywhere: its pictures are names. */
function readable({
  pictures: _,
  images,
  ...post
}: Omit<SentPost, 'pictures'> & { pictures: undefined; images: string[] }) {
  return { ...post, ...(images.length > 0 && { images }) }
}

/** What annotates and explains a post whose pictures came with it. */
function postParts(
  { config, model, tokenizer, program, explaining, single }: ExportParts,
  preparation: PicturePreparation | undefined,
  {
    pictures,
    windowOverlap,
    pixelLimit,
    encodeRows,
  }: {
    pictures: readonly SentPicture[]
    windowOverlap: number | undefined
    pixelLimit: number | undefined
    encodeRows: ReturnType<typeof rowEncoder> | undefined
  },
): ExplainerParts {
  const load = pictureLoader(pictures, { ...preparation, pixelLimit } satisfies LoadPictureOptions)
  return {
    ...{ single, preparation, explaining, preprocessing: config.preprocessing, config: config.model },
    tag: (posts, options) => tag(posts, { model, tokenizer, program, windowOverlap, ...options }),
    decode: (post, options) => decodePictures(post, load, options),
    picturesOf: async (rows, signal) =>
      encodeRows ? encodeRows(rows, signal) : batchPictures(rows, { size: preparation!.size }),
  }
}

const FIX = 'Give the address of the folder that ner-maf export wrote, or all its files.'

async function readJson(
  name: string,
  read: (name: string) => Promise<Uint8Array>,
): Promise<Record<string, unknown>> {
  const text = new TextDecoder().decode(await read(name))
  return parseJson<Record<string, unknown>>(text, name, { fix: FIX })
}

async function readConfig(reader: ModelReader): Promise<ExportConfig> {
  const config = await readJson(EXPORT_FILES.config, reader.fresh)
  assertExportConfig(config, EXPORT_FILES.config)
  if (config.sha256) return config
  throw new InvalidArgumentError({
    argument: EXPORT_FILES.config,
    rule: 'must have the digests of the other files as "sha256"',
    received: `an export of version ${config.maf_version}`,
    fix: 'Export the model again: a page keeps and checks files by their digests.',
  })
}

async function openGraph(reader: ModelReader, config: ExportConfig, runtime: PageRuntime) {
  const { sha256 = {} } = config
  const { model, data } = EXPORT_FILES
  const beside = Object.hasOwn(sha256, data)
    ? { [data]: await reader.checked(data, sha256[data]) }
    : undefined
  const opened = await runtime.open(await reader.checked(model, sha256[model]), beside)
  try {
    assertExportGraph(opened, config, EXPORT_FILES.config)
    return opened
  } catch (error) {
    await opened.dispose()
    throw error
  }
}

/** The image model beside the graph, where one encodes the pictures. */
async function openImage(
  reader: ModelReader,
  { model: { imageEncoder }, pictures }: ExportConfig,
  runtime: PageRuntime,
): Promise<(PictureEncoder & { dispose(): Promise<void> }) | undefined> {
  if (imageEncoder?.kind !== 'onnx' || !pictures) return undefined
  const opened = await runtime.open(await reader.checked(EXPORT_FILES.image, imageEncoder.sha256))
  return {
    preparation: pictures,
    encode: given => encodePictures(opened, given, imageEncoder),
    dispose: opened.dispose,
  }
}
