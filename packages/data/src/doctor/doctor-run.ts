import { assertThreads } from '@mafjs/compile'
import { InvalidArgumentError } from '@mafjs/tensor'
import { withLock } from '@mafjs/tensor/files'
import { assertNewFolder } from '../writing/assert-new-folder'
import { type ExaminedSplit, type ExamineOptions, examine } from './examine'
import type { Finding, Severity } from './findings'
import { type RepairedCopy, writeCopy } from './repair/write-copy'

/** What the doctor examines. */
export interface DoctorRunOptions extends Omit<ExamineOptions, 'convertsOffsets'> {
  /** A folder to write a repaired copy to; it must not exist. @default none is written */
  fix?: string | undefined
}

/** What the doctor found. */
export interface DoctorReport {
  splits: ExaminedSplit[]
  findings: Finding[]
  counts: Record<Severity, number>
  /** Checks that were not made, and what they need. */
  skipped: string[]
  copy?: RepairedCopy | undefined
}

const count = (findings: readonly Finding[], severity: Severity): number =>
  findings.filter(finding => finding.severity === severity).length

/**
 * Examines a data set: labels, duplicates within and across splits, words, pictures. With `fix` it writes a repaired copy
 * to a new folder; the data itself is never changed.
 *
 * @throws InvalidArgumentError when data or images are not there, or the copy's folder is.
 */
export async function doctorRun({ fix, ...options }: DoctorRunOptions): Promise<DoctorReport> {
  const { data, images, quick = false, threads } = options
  if (threads !== undefined) assertThreads(threads)
  if (quick && fix !== undefined) {
    throw new InvalidArgumentError({
      argument: 'quick',
      rule: 'must be left out with fix',
      received: quick,
      fix: 'Broken pictures are found only when they are decoded.',
    })
  }
  const sources = images === undefined ? [data] : [data, images]
  if (fix === undefined) return examineInto(undefined, options)
  // Not even a lock may be made in the source; and who held it before may have written the folder.
  await assertNewFolder(fix, sources, 'fix')
  return withLock(fix, { command: 'ner-maf doctor', argument: 'fix' }, async () =>
    examineInto(await assertNewFolder(fix, sources, 'fix'), options),
  )
}

async function examineInto(target: string | undefined, options: ExamineOptions): Promise<DoctorReport> {
  const { images, quick = false, tokenizer, splitter } = options
  const examination = await examine(options)
  const { splits, findings } = examination
  const skipped = [
    ...(images === undefined ? ['pictures (give images: FOLDER)'] : []),
    ...(quick && images !== undefined ? ['the content of pictures behind their headers (quick: true)'] : []),
    ...(tokenizer ? [] : ['tokens and lengths (give a tokenizer)']),
  ]
  const isConverted = findings.some(({ code }) => code === 'other-offsets')
  const repaired =
    isConverted && target !== undefined ? await examine({ ...options, convertsOffsets: true }) : examination
  const copy = target === undefined ? undefined : await writeCopy(repaired, { target, images, splitter })
  return {
    splits,
    findings,
    counts: {
      error: count(findings, 'error'),
      warning: count(findings, 'warning'),
      note: count(findings, 'note'),
    },
    skipped,
    copy,
  }
}
