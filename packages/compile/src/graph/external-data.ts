import { type EncodeModelOptions, encodeModel } from './encode-model'
import type { Initializer, OnnxGraph } from './onnx-graph'

/** Numbers that lie beside a model. */
export interface ExternalData {
  /** Name of the file, in the folder of the model. */
  location: string
  /** Bytes of the file. */
  size: number
  /** The file's content, piece by piece, so that it need never be in memory as a whole. */
  chunks(): Iterable<Uint8Array>
}

/** A model as it is written to files. */
export interface EncodedModel {
  /** The bytes of the `.onnx` file. */
  model: Uint8Array
  /** What goes into a file of its own; absent where all of it fits into the model. */
  data?: ExternalData
}

/** When and where numbers are written beside the model. */
export interface EncodeForFilesOptions extends Pick<EncodeModelOptions, 'metadata'> {
  /** The file beside the model. */
  location: string
  /**
   * Bytes of numbers above which they go into a file of their own: a model of more than 2 GiB cannot be one file.
   * @default 1.5e9
   */
  externalAbove?: number | undefined
}

/** Numbers of fewer bytes stay in the model: readers look at the shapes and axes among them before anything runs. */
const SMALL = 1024
/** Where numbers may begin, so that a reader can map the file into memory; larger ones also under Windows. */
const PAGE = 4096
const LARGE_PAGE = 65_536
const LARGE = 2 ** 20

/** Encodes a graph as a model and, where it is large, a file of numbers beside it. */
export function encodeForFiles(
  graph: OnnxGraph,
  { location, externalAbove = 1.5e9, metadata }: EncodeForFilesOptions,
): EncodedModel {
  const total = graph.initializers.reduce((sum, { data }) => sum + data.byteLength, 0)
  if (total <= externalAbove) return { model: encodeModel(graph, { metadata }) }
  const offsets = new Map<Initializer, number>()
  let size = 0
  for (const initializer of graph.initializers) {
    const { byteLength } = initializer.data
    if (byteLength < SMALL) continue
    const page = byteLength < LARGE ? PAGE : LARGE_PAGE
    const offset = Math.ceil(size / page) * page
    offsets.set(initializer, offset)
    size = offset + byteLength
  }
  const model = encodeModel(graph, {
    metadata,
    external: initializer => {
      const offset = offsets.get(initializer)
      return offset === undefined ? undefined : { location, offset, length: initializer.data.byteLength }
    },
  })
  return { model, data: { location, size, chunks: () => chunksOf(offsets) } }
}

function* chunksOf(offsets: ReadonlyMap<Initializer, number>): Iterable<Uint8Array> {
  let written = 0
  for (const [{ data }, offset] of offsets) {
    if (offset > written) yield new Uint8Array(offset - written)
    yield new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    written = offset + data.byteLength
  }
}
