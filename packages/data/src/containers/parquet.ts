import { stringify } from 'lossless-json'
import type { Container, Opened } from './container'
import { assertWhole, boundedCompressors } from './parquet-bounds'

/** How the formats of pictures begin. */
const PICTURES: readonly [suffix: string, begin: RegExp][] = [
  ['.jpg', /^\xff\xd8\xff/],
  ['.png', /^\x89PNG/],
  ['.gif', /^GIF8/],
  ['.webp', /^RIFF.{4}WEBP/s],
  ['.tif', /^(II\*\0|MM\0\*)/],
  ['.avif', /^.{4}ftypavif/s],
]

/** The suffix of a picture by its first bytes. */
const suffixOf = (bytes: Uint8Array): string | undefined => {
  const head = String.fromCharCode(...bytes.subarray(0, 16))
  return PICTURES.find(([, begin]) => begin.test(head))?.[0]
}

const isSame = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && a.every((byte, at) => byte === b[at])

/** Takes pictures out of rows, each under a name of its own. */
class PictureNames {
  readonly pictures = new Map<string, Uint8Array>()
  constructor(private readonly stem: string) {}

  /** The name of a picture: that of its path, or of its row. Another picture of that name has its row before it. */
  add(bytes: Uint8Array, path: unknown, row: number): string {
    const own = typeof path === 'string' ? path.replace(/^.*[/\\]/s, '') : ''
    const name = own === '' ? `${this.stem}-${row}${suffixOf(bytes) ?? ''}` : own
    const held = this.pictures.get(name)
    const free = held === undefined || isSame(held, bytes) ? name : `${row}-${name}`
    this.pictures.set(free, bytes)
    return free
  }
}

/** A value as JSON has it: pictures by their names, bytes as the text they are, or nothing. */
function plain(value: unknown, row: number, names: PictureNames, leave: () => void): unknown {
  const again = (part: unknown): unknown => plain(part, row, names, leave)
  if (Array.isArray(value)) return value.map(again)
  if (value instanceof Uint8Array) {
    if (suffixOf(value) !== undefined) return names.add(value, undefined, row)
    try {
      return new TextDecoder('utf-8', { fatal: true }).decode(value)
    } catch {
      return leave()
    }
  }
  if (typeof value !== 'object' || value === null || value instanceof Date) return value
  const { bytes, path } = value as Record<string, unknown>
  if (bytes instanceof Uint8Array) return names.add(bytes, path, row)
  if (bytes === null && path !== undefined) return path
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, again(part)]))
}

async function openBytes(bytes: Uint8Array, file: string): Promise<Opened> {
  const { parquetMetadataAsync, parquetReadObjects, parquetSchema } = await import('hyparquet')
  const { compressors } = await import('hyparquet-compressors')
  const opened: Opened = { lines: [], places: [], problems: [] }
  const names = new PictureNames(file.replace(/^.*[/\\]/s, '').replace(/\.[^.]*$/, ''))
  const buffer = {
    byteLength: bytes.length,
    slice: (start: number, end?: number) => new Uint8Array(bytes.subarray(start, end)).buffer,
  }
  try {
    // Places on maps are no words; and a column with less than no columns in it is looked for them for ever.
    const metadata = await parquetMetadataAsync(buffer, { geoparquet: false })
    assertWhole(metadata, parquetSchema(metadata), bytes.length)
    opened.description = metadata.key_value_metadata?.find(({ key }) => key === 'huggingface')?.value
    const rows = await parquetReadObjects({
      file: buffer,
      metadata,
      compressors: boundedCompressors(compressors, bytes.length),
      utf8: false,
    })
    for (const [at, row] of rows.entries()) {
      const leave = (): void => {
        opened.problems.push({
          code: 'not-carried',
          line: at + 1,
          about: 'values of bytes that are no picture',
        })
      }
      opened.lines.push(stringify(plain(row, at + 1, names, leave)) ?? '')
      opened.places.push({ file, line: at + 1 })
    }
  } catch (error) {
    const rule = 'must be a whole Parquet file'
    // What its reader stumbles over tells nobody anything.
    const isPlain = (error as Error).constructor === Error
    const received = isPlain ? (error as Error).message : 'one whose parts do not fit each other'
    const wrong = { rule, received, fix: 'Fetch it again, or write it anew.' }
    opened.problems.push({ code: 'unreadable-line', line: 1, about: rule, error: wrong })
  }
  return { ...opened, pictures: names.pictures }
}

/** A Parquet file: a row for each post, whose pictures may be in it. Its lines are its rows. */
export const parquet: Container = {
  name: 'a Parquet file',
  suffixes: ['.parquet'],
  looksLike: head => head.startsWith('PAR1'),
  openBytes,
}
