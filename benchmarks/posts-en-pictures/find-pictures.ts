import { readdir, readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { hashString } from '@mafjs/tensor'
import type { PackageName } from './picture-packages'

/** What a picture of the training shows: what photographs show, and what they do not. */
export const SHOWN = ['person', 'place', 'animal', 'product', 'organisation', 'country'] as const

/** One of {@link SHOWN}. */
export type Shown = (typeof SHOWN)[number]

/** A picture as its package has it. */
export interface SourcePicture {
  from: PackageName
  /** Those with the same family are one picture in other colours: they stay on one side of training and validation. */
  family: string
  shown: Shown
  /** Words that it goes by, lower case. */
  words: string[]
  /** A file, or an SVG's text. */
  file?: string
  svg?: string
}

/** Emoji by what they show; what begins with one is of it (skin tones, hair, professions). */
const EMOJI: Readonly<Partial<Record<Shown, string>>> = {
  person:
    '👶🧒👦👧🧑👨👩🧔🧓👴👵👮🕵💂👷🤴👸👳👲🧕🤵👰🤱🎅🤶🦸🦹🧙🧚💆💇🚶🧍🧎🏃💃🕺🧖🧗🤺🏇🏂🏌🏄🚣🏊⛹🏋🚴🚵🤸🤼🤽🤾🤹🧘👭👫👬👪🙋🙅🙆🙍🙎💁🤦🤷🙇🤰👯',
  place: '🏔⛰🌋🗻🏕🏖🏜🏝🏞🏟🏛🏗🏘🏚🏠🏡🏢🏣🏤🏥🏦🏨🏩🏪🏫🏬🏭🏯🏰🗼🗽⛪🕌🛕🕍⛩🕋⛲🌁🌃🏙🌄🌅🌆🌇🌉🎡🎢🛣🛤🌊🗺🗾',
  animal:
    '🐀🐁🐂🐃🐄🐅🐆🐇🐈🐊🐋🐌🐍🐎🐏🐐🐑🐒🐓🐔🐕🐖🐗🐘🐙🐛🐜🐝🐞🐟🐠🐡🐢🐣🐤🐥🐦🐧🐨🐩🐪🐫🐬🐭🐮🐯🐰🐱🐳🐴🐵🐶🐷🐸🐹🐺🐻🐼🐿🕊🦀🦁🦂🦃🦅🦆🦇🦈🦉🦊🦋🦌🦍🦎🦏🦐🦑🦒🦓🦔🦗🦘🦙🦚🦛🦜🦝🦞🦟🦡🦢🦣🦤🦥🦦🦧🦨🦩🦫🦬🦭🦮🪰🪱🪲🪳🪼🪿🫎🫏',
  product:
    '📱💻🖥🖨⌨🖱📷📹🎥📺📻🎮🕹⌚🎧🎸🎹🎻🥁🎺🎷🚗🚙🚕🏎🏍🛵🚲🛴🛹🚚🚌✈🚀👟👠👞👜🎒👓🕶👕👗🧥👖🧢💄💍🍺🍷🍾🥤🍫🍪🍟🍔🍕📚📖🎬🔦🔋🔌🧸⏰📞☎🧴💊🔨🔧🪛🧰🛋🪑🚿🛒🧃',
}

/** Folders of the clip art by what they show; files directly in them and below. */
const CLIP_ART: readonly [Shown, RegExp][] = [
  [
    'person',
    /^people\/(?!bodypart|clothing|smilies|stickmen|[^/]*(?:card_|icon|hand|eye|print|bottle|sign|finger|skull|pattern))/,
  ],
  ['animal', /^animals\/(?!dinosaurs|fantasy)/],
  ['place', /^buildings\/(?!furniture)/],
  ['place', /^geography\/(?!astronomy|.*(?:gps|globe|moon|planet|eclipse|drum|spyglass))/],
  [
    'product',
    /^(?:transportation\/vehicles|electronics|computer\/hardware|recreation\/(?:toys|music)|tools|food\/beverages|people\/clothing|buildings\/furniture|office\/telephone)\//,
  ],
]

/** The words of a file's or an icon's name; a makers' name in it is one too, and does no harm. */
const wordsOf = (name: string): string[] =>
  name
    .toLowerCase()
    .split(/[^a-z]+/)
    .filter(word => word.length > 2)

async function findEmoji(folder: string): Promise<SourcePicture[]> {
  const assets = join(folder, 'package', 'assets')
  const shownBy = new Map(
    Object.entries(EMOJI).flatMap(([shown, emoji]) =>
      [...emoji].map((character): [number, Shown] => [character.codePointAt(0)!, shown as Shown]),
    ),
  )
  return (await readdir(assets)).sort().flatMap(name => {
    const first = /^[\da-f]+/.exec(name)![0]
    const shown = shownBy.get(Number.parseInt(first, 16))
    return shown
      ? [{ from: 'emoji' as const, family: first, shown, words: [], file: join(assets, name) }]
      : []
  })
}

async function findClipArt(folder: string): Promise<SourcePicture[]> {
  const png = join(folder, 'usr', 'share', 'openclipart', 'png')
  const names = (await readdir(png, { recursive: true })).filter(name => name.endsWith('.png')).sort()
  return names.flatMap(name => {
    const shown = CLIP_ART.find(([, folders]) => folders.test(name))?.[0]
    const stem = basename(name, '.png')
    // The same in other colours, and by the same hand.
    const family = stem.replace(/[\d_.-]*[a-c]?$/, '')
    return shown
      ? [{ from: 'clipart' as const, family, shown, words: wordsOf(stem), file: join(png, name) }]
      : []
  })
}

/** Icons of an Iconify set as SVG, but for those that are marked as hidden. */
async function readIcons(folder: string): Promise<Map<string, string>> {
  const set = JSON.parse(await readFile(join(folder, 'package', 'icons.json'), 'utf8')) as {
    width?: number
    height?: number
    icons: Record<string, { body: string; width?: number; height?: number; hidden?: boolean }>
  }
  const { width: commonWidth = 512, height: commonHeight = 512 } = set
  return new Map(
    Object.entries(set.icons).flatMap(
      ([name, { body, hidden, width = commonWidth, height = commonHeight }]) => {
        const svg = `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">${body}</svg>`
        return hidden ? [] : [[name, svg]]
      },
    ),
  )
}

async function findLogos(folder: string): Promise<SourcePicture[]> {
  return [...(await readIcons(folder))].map(([name, svg]) => {
    const family = name.replace(/-(?:icon|dark|light|mark|wordmark|monochrome|alt|old)\b.*$/, '')
    return { from: 'logo', family, shown: 'organisation', words: wordsOf(family), svg }
  })
}

async function findFlags(folder: string): Promise<SourcePicture[]> {
  const named = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' })
  return [...(await readIcons(folder))].flatMap(([code, svg]) => {
    const country = /^[a-z]{2}$/.test(code) ? named.of(code.toUpperCase()) : undefined
    return country
      ? [
          {
            from: 'flag' as const,
            family: code,
            shown: 'country' as const,
            words: [country.toLowerCase()],
            svg,
          },
        ]
      : []
  })
}

/** All pictures of the packages that show something of ours, in one order. */
export async function findPictures(packages: string): Promise<SourcePicture[]> {
  const at = (name: PackageName): string => join(packages, name)
  return [
    ...(await findEmoji(at('emoji'))),
    ...(await findClipArt(at('clipart'))),
    ...(await findLogos(at('logo'))),
    ...(await findFlags(at('flag'))),
  ]
}

/** Whether a family of pictures is kept for validation: a sixth of them, by name. */
export const isHeldOut = ({ family, from }: SourcePicture): boolean =>
  hashString(`${from} ${family}`) % 6 === 0
