import type { BrokenPicture } from './pictures/broken-picture'
import type { Split } from './posts/post'

const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`

/** The first of a list, and how many more there are: a report is no listing. */
const first = (items: readonly string[], most: number): string[] =>
  items.length > most ? [...items.slice(0, most), `and ${items.length - most} more`] : [...items]

/** What reading a split met, in plain lines: how many posts, and one line for each thing a person should know. */
export function reportLines({ name, examples, report }: Split): string[] {
  const { withoutPicture, picturesNotLookedUp, missingPictures, labelsMapped, wordsSplitAtEntities } = report
  const missing = missingPictures.map(({ picture, file, line }) => `${picture} (${file}:${line})`)
  const without = withoutPicture > 0 ? `, ${withoutPicture} without a picture` : ''
  const lines: [count: number, text: string][] = [
    [examples.length, `${counted(examples.length, 'post')}${without}`],
    [picturesNotLookedUp, `${counted(picturesNotLookedUp, 'picture')} named, but no images folder was given`],
    [
      missing.length,
      `${counted(missing.length, 'picture')} not in the images folder: ${first(missing, 5).join(', ')}`,
    ],
    [labelsMapped, `${counted(labelsMapped, 'label')} of type OTHER read as MISC`],
    [
      wordsSplitAtEntities,
      `${counted(wordsSplitAtEntities, 'word')} split where an entity begins or ends inside`,
    ],
  ]
  return lines.filter(([count]) => count > 0).map(([, text]) => `${name}: ${text}`)
}

/** The pictures that could not be decoded, in plain lines; none where all could. */
export function brokenPictureLines(broken: readonly BrokenPicture[]): string[] {
  if (broken.length === 0) return []
  const pictures = broken.map(({ file, reason }) => `${file}: ${reason}`)
  return [
    `${counted(broken.length, 'broken picture')}, whose posts count as posts without one:`,
    ...first(pictures, 20).map(line => `  ${line}`),
  ]
}
