import type { WordTokenizer } from '@mafjs/encoders'
import type { Reading } from '../reading/read-file'
import { checkIds, checkTexts } from './checks/check-duplicates'
import { checkOrphans, checkTypes, checkUnlabelled } from './checks/check-labels'
import { checkIdenticalPictures, checkPictures, checkUnnamedPictures } from './checks/check-pictures'
import { checkBlankWords, checkLengths, checkTokens } from './checks/check-words'
import { FINDINGS, type Finding, type FindingCode, finding } from './findings'
import { type Fingerprint, fingerprint } from './fingerprint'
import { type NamedSplit, nameSplit } from './name-split'
import { type DoctorPictures, readPictures } from './pictures'
import type { DoctorFile } from './post'
import { checkUnreadFiles, readPosts } from './read-posts'

/** What is examined, and with what. */
export interface ExamineOptions extends Omit<Reading, 'types' | 'labels'> {
  /** A folder with train, valid and test files, or one file. */
  data: string
  /** The pictures. @default they are not checked */
  images?: string | undefined
  /** What cuts words into pieces, to check words and lengths with. @default they are not checked */
  tokenizer?: WordTokenizer | undefined
  /** Whether longer posts are read in windows, so that none is cut. @default false */
  readsWindows?: boolean | undefined
  /** Read the headers of pictures only, so that one cut off behind its header is not found. @default false */
  quick?: boolean | undefined
  /** That bound how many pictures are decoded at once. @default one for each processor that this process may use */
  threads?: number | undefined
  /** Whether files whose entities all fit by another way of counting are read by that. @default false */
  convertsOffsets?: boolean | undefined
  /** Is told how many pictures there are before they are looked at, which may take a while. */
  onPictures?: ((count: number) => void) | undefined
}

/** A split as a report shows it. */
export interface ExaminedSplit extends Fingerprint {
  /** Which known split it is, if any. */
  known?: NamedSplit | undefined
}

/** Everything that was read and found. */
export interface Examination {
  files: DoctorFile[]
  pictures?: DoctorPictures | undefined
  splits: ExaminedSplit[]
  /** The worst kinds first, each in the order of the files. */
  findings: Finding[]
}

const order = new Map((Object.keys(FINDINGS) as FindingCode[]).map((code, at) => [code, at]))

const checkKnown = (splits: readonly ExaminedSplit[]): Finding[] =>
  splits.flatMap(({ file, known }) =>
    known && !known.isPublished
      ? [finding('edited-data-set', file, undefined, `${known.name}: ${known.differences.join('; ')}`)]
      : [],
  )

/**
 * Reads a data set and runs every check on it that there is something to run with.
 *
 * @throws InvalidArgumentError when the data or the images folder itself is missing.
 */
export async function examine({
  data,
  images,
  tokenizer,
  readsWindows = false,
  quick = false,
  threads,
  onPictures,
  convertsOffsets,
  ...reading
}: ExamineOptions): Promise<Examination> {
  const files = await readPosts(data, { reading, convertsOffsets })
  const pictures =
    images === undefined ? undefined : await readPictures(images, files, { quick, threads, onPictures })
  const splits = files.map(fingerprint).map(own => ({ ...own, known: nameSplit(own) }))
  const findings = [
    ...files.flatMap(file => file.findings),
    ...(await checkUnreadFiles(data)),
    ...checkKnown(splits),
    ...checkOrphans(files),
    ...checkTypes(files),
    ...checkUnlabelled(files),
    ...checkIds(files),
    ...checkTexts(files),
    ...checkBlankWords(files),
    ...(tokenizer ? checkTokens(files, tokenizer) : []),
    ...(tokenizer && !readsWindows ? checkLengths(files, tokenizer) : []),
    ...(pictures
      ? [...checkPictures(pictures), ...checkIdenticalPictures(pictures), ...checkUnnamedPictures(pictures)]
      : []),
  ]
  findings.sort((a, b) => order.get(a.code)! - order.get(b.code)!)
  return { files, pictures, splits, findings }
}
