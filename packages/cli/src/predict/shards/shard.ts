import { isCount, isText, parseJson } from '@mafjs/tensor/json'

/** Lines of a file that follow each other: what an engine deals out, and does again where a machine is lost. */
export interface Shard {
  /** Its place among all of a folder, from 0. */
  shard: number
  /** The file's full path. */
  file: string
  /** The number of its first line in the file, from 1. */
  first: number
  lines: number
  /** Its bytes: the first, and the one after the last. */
  start: number
  end: number
  /** Of these bytes, hexadecimal. */
  sha256: string
}

/** The file that holds all shards of a folder, one a line. */
export const PLAN_FILE = 'shards.jsonl'

const FIELDS = {
  ...{ shard: isCount, file: isText, first: isCount, lines: isCount, start: isCount, end: isCount },
  sha256: isText,
}

/**
 * Reads a shard from its line.
 *
 * @param place the line's, for errors
 * @throws InvalidArgumentError for a line that is none.
 */
export const parseShard = (bytes: Uint8Array, place: string): Shard =>
  parseJson<Shard>(Buffer.from(bytes).toString(), place, {
    fields: FIELDS,
    fix: `Send the lines of ${PLAN_FILE}, which \`ner-maf shards\` writes, as they are.`,
  })
