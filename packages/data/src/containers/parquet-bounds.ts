import type { Compressors, FileMetaData, SchemaTree } from 'hyparquet'

/** Rows that even a small file may have, and bytes that it may unpack to: pages of words that repeat become very small. */
const FEW_ROWS = 100_000
const FEW_BYTES = 64e6
/** How often its own size a file may unpack to beyond that. */
const MOST_TIMES = 20

/** The paths of the columns that hold values. */
const leavesOf = ({ children, path }: SchemaTree): string[] =>
  children.length === 0 ? [path.join('.')] : children.flatMap(leavesOf)

/**
 * Checks what hyparquet takes for granted: it waits for the columns of the schema alone, so that a damaged one beside them would end
 * the process, and makes room for as many rows as it is told.
 *
 * @throws Error saying what contradicts what.
 */
export function assertWhole(
  { num_rows, row_groups: groups }: FileMetaData,
  schema: SchemaTree,
  bytes: number,
): void {
  const rows = groups.reduce((sum, group) => sum + Number(group.num_rows), 0)
  if (rows !== Number(num_rows)) throw new Error(`${num_rows} rows, of which its groups have ${rows}`)
  if (!(rows >= 0 && rows <= FEW_ROWS + bytes)) throw new Error(`${rows} rows in ${bytes} bytes`)
  const leaves = leavesOf(schema).sort().join('\n')
  for (const { columns } of groups) {
    const paths = columns.map(column => column.meta_data?.path_in_schema.join('.'))
    if (paths.sort().join('\n') !== leaves) throw new Error('columns that are not those of its schema')
  }
}

/** Decompressors that together unpack a file to at most many times its size. */
export function boundedCompressors(compressors: Compressors, bytes: number): Compressors {
  let left = FEW_BYTES + MOST_TIMES * bytes
  const entries = Object.entries(compressors).map(([codec, unpack]) => [
    codec,
    (input: Uint8Array, outputLength: number): Uint8Array => {
      left -= outputLength
      if (!(left >= 0))
        throw new Error(`pages that unpack to more than ${MOST_TIMES} times its ${bytes} bytes`)
      const output = unpack(input, outputLength)
      if (output.length !== outputLength) throw new Error('a page that unpacks to another size than it says')
      return output
    },
  ])
  return Object.fromEntries(entries) as Compressors
}
