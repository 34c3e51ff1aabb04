import type { Evaluation } from '@mafjs/evaluate/evaluations'
import { describeMachine } from '../machine'
import type { RunEpoch } from '../training/train-until'

/** A finished run as it is committed: figures alone, nothing of the data. */
export interface BaselineRecord {
  model: string
  data: string
  /** Of the test split's posts. */
  fingerprint: string
  seed: number
  settings: object
  epochs: readonly RunEpoch[] | readonly object[]
  bestEpoch: number
  /** Of the test split, which is scored once, with the best epoch by validation. */
  test: Pick<Evaluation, 'strict' | 'lenient' | 'errors'>
  versions: Readonly<Record<string, string>>
  machine: ReturnType<typeof describeMachine>
}

/** What is kept of an evaluation, in a record. */
export function recordOf(
  { strict, lenient, errors, context }: Evaluation,
  run: Omit<BaselineRecord, 'fingerprint' | 'test' | 'machine'>,
): BaselineRecord {
  return {
    ...run,
    fingerprint: context.dataFingerprint,
    test: { strict, lenient, errors },
    machine: describeMachine(),
  }
}
