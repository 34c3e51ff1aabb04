import { describeReading, OFFSET_READINGS } from '../posts/text-offsets'
import { type ReadFile, type Reading, readFile } from './read-file'

/** Another way to read a file, by which all its entities begin and end with words. */
export interface FittingReading {
  reading: Reading
  /** Whether the offsets count otherwise, and not the words. */
  isOffsets: boolean
  /** In words. */
  what: string
  /** As options. */
  options: string
  read: ReadFile
}

/** Scripts that put no space between words. */
const WITHOUT_SPACES =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u

const misplaced = ({ problems }: ReadFile): number =>
  problems.filter(({ code }) => code === 'misplaced-entity').length

/** How files are read where nothing is said. */
const DEFAULTS = { offsets: 'utf16', endInclusive: false, splitter: 'tweet' } as const

/** The options that make another reading of one. */
const optionsFor = (other: Reading, given: Reading): string =>
  (['offsets', 'endInclusive', 'splitter'] as const)
    .flatMap(name => {
      const value = other[name]
      if (value === undefined || value === (given[name] ?? DEFAULTS[name])) return []
      return value === false ? `without ${name}` : value === true ? `${name}: true` : `${name}: '${value}'`
    })
    .join(', ')

/**
 * Looks for the way that the offsets of a file count, where some entities are misplaced by the way it was read: as code points
 * (Python's), with inclusive ends, or with the words of another splitter. None may be misplaced by it.
 */
export async function fittingReading(
  file: string,
  reading: Reading,
  read: ReadFile,
): Promise<FittingReading | undefined> {
  if (misplaced(read) === 0) return undefined
  const isWithoutSpaces = read.posts.some(({ text = '' }) => WITHOUT_SPACES.test(text))
  const others: [Reading, string, isOffsets: boolean][] = [
    ...OFFSET_READINGS.map((offsets): [Reading, string, boolean] => [
      offsets,
      describeReading(offsets),
      true,
    ]),
    ...(isWithoutSpaces
      ? [
          [{ splitter: 'characters' }, 'words of the splitter characters', false] as [
            Reading,
            string,
            boolean,
          ],
        ]
      : []),
  ]
  for (const [other, what, isOffsets] of others) {
    const wanted = { ...reading, ...other }
    const found = await readFile(file, { ...wanted, misplacedEntities: 'stop' })
    if (misplaced(found) > 0) continue
    return { reading: wanted, isOffsets, what, options: optionsFor(other, reading), read: found }
  }
  return undefined
}
