import { describeMachine } from '../machine'
import type { StudyResult } from '../studies/study'
import { writeResult } from '../write-result'
import type { Difference } from './differences'

/** A finished part as it is committed: figures alone, nothing of the data. */
export interface EyesRecord {
  part: string
  seeds: readonly number[]
  /** By image encoder. */
  eyes: Readonly<Record<string, Pick<StudyResult, 'columns' | 'ways' | 'chosen' | 'figures'>>>
  /** With the image encoder, or the way in which two of them are compared. */
  differences: readonly (Difference & { eyes: string })[]
  machine: ReturnType<typeof describeMachine>
}

/** Writes a part's JSON. */
export async function writeRecord(
  folder: string,
  part: string,
  found: Omit<EyesRecord, 'machine'>,
): Promise<EyesRecord> {
  const record = { ...found, machine: describeMachine() }
  await writeResult(folder, `eyes-${part}`, record)
  return record
}
