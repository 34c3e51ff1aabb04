import { unreadFiles } from './dataset'
import type { BrokenPicture } from './pictures/broken-picture'
import { quoted } from './posts/data-error'
import { isLabelledInPart } from './posts/labelled-part'
import type { Split } from './posts/post'

const counted = (count: number, noun: string, nouns = `${noun}s`): string =>
  `${count} ${count === 1 ? noun : nouns}`

/** A name from a file or a folder, which may be long or odd. */
const shown = (name: string): string => quoted(name, 40)

/** The first of a list, and how many more there are: a report is no listing. */
const first = (items: readonly string[], most: number): string[] =>
  items.length > most ? [...items.slice(0, most), `and ${items.length - most} more`] : [...items]

/** The files of a data folder that nobody reads, in a sentence for a person; none where there are none. */
export async function unreadNotes(data: string): Promise<string[]> {
  const names = await unreadFiles(data)
  return names.length === 0 ? [] : [`Not read of the data folder: ${first(names.map(shown), 5).join(', ')}.`]
}

/** What reading a split met, in plain lines: how many posts, and one line for each thing a person should know. */
export function reportLines({ name, examples, report }: Split): string[] {
  const { withoutPicture, picturesNotLookedUp, missingPictures, labelsMapped } = report
  const { labelsConverted, orphans, misplacedEntities, unknownFields, notCarried, leftOut } = report
  const inPart = examples.filter(isLabelledInPart).length
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
    [labelsConverted, `${counted(labelsConverted, 'label')} of another scheme read as BIO`],
    [
      orphans,
      `${counted(orphans, 'label')} I- that continue${orphans === 1 ? 's' : ''} no entity of its type`,
    ],
    [
      misplacedEntities,
      `${counted(misplacedEntities, 'misplaced entity', 'misplaced entities')} given whole words`,
    ],
    [
      unknownFields.length,
      `${counted(unknownFields.length, 'field')} not read: ${first(unknownFields.map(shown), 5).join(', ')}`,
    ],
    [
      inPart,
      `${counted(inPart, 'post')} labelled in part: where nobody labelled, O may be anything and nothing is scored`,
    ],
    [notCarried.length, `not carried over: ${first(notCarried, 5).join(', ')}`],
    [leftOut.length, `left out: ${first(leftOut, 5).join(', ')}`],
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
