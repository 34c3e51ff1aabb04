import type { SourcePlace } from '../posts/post'
import type { Problem } from '../posts/problem'

/** What a file holds: a line of JSON for each of its posts. */
export interface Opened {
  lines: string[]
  /** Where each of them stands. */
  places: SourcePlace[]
  problems: Problem[]
  /** What `datasets` says of its columns, in JSON, where the file has that. */
  description?: string | undefined
  /** The pictures that are in it, by the names that its posts have for them. */
  pictures?: ReadonlyMap<string, Uint8Array> | undefined
}

/** A kind of file that holds posts otherwise than in lines. It needs no Node. */
export interface Container {
  /** As a report names it, e.g. `a JSON array`. */
  name: string
  suffixes: readonly string[]
  /** Whether a file begins as it does, whatever its name. */
  looksLike(head: string): boolean
  /** Whether a file of its suffix is something else, by how it begins. */
  isOther?(head: string, name: string): boolean
  /**
   * Opens a file of text.
   *
   * @param beside reads another text by its path; nothing where there is none.
   */
  openText?(
    text: string,
    file: string,
    beside: (file: string) => Promise<string | undefined>,
  ): Promise<Opened>
  /** Opens any other file. */
  openBytes?(bytes: Uint8Array, file: string): Promise<Opened>
}
