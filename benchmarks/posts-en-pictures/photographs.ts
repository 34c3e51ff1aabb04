import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Kind } from './kinds'

/** A photograph of the probe. */
export interface Photograph {
  file: string
  kind: Kind
}

/**
 * What the sample picture of an ImageNet class shows, by the number of the class, which begins the file's name. A person looked at the
 * hundred pictures once, before anything was trained. A class in no list is left out: its picture shows several kinds (oxcart), another
 * kind than its class says (paper towel: two men), what is neither (hook, candle), or food, which has no name.
 */
const CLASSES: Readonly<Record<Kind, readonly number[]>> = {
  // academic gown, basketball, bobsled, football helmet, stretcher, unicycle, volleyball
  person: [400, 430, 450, 560, 830, 880, 890],
  // breakwater, cliff dwelling, greenhouse, mobile home, tobacco shop, water tower, alp, volcano
  place: [460, 500, 580, 660, 860, 900, 970, 980],
  // 000 tench to 390 eel
  animal: Array.from({ length: 40 }, (_, i) => 10 * i),
  // beer bottle, cash machine, digital clock, espresso maker, gasmask, hand-held computer, jersey, loafer, microphone, pencil sharpener,
  // pill bottle, power drill, refrigerator, running shoe, slot machine, typewriter's space bar, locomotive, swab, teddy
  product: [440, 480, 530, 550, 570, 590, 610, 630, 650, 710, 720, 740, 760, 770, 800, 810, 820, 840, 850],
}

/** What a caption speaks of. */
const WORDS: Readonly<Record<Kind, RegExp>> = {
  person:
    /\b(?:man|men|boy|woman|person|people|persons|family|adults|player|pitcher|skateboarder|baker|kid|himself|worker)\b/i,
  place:
    /\b(?:street|road|city|town|beach|ocean|airport|intersection|hill|hillside|mountains|lake|river|park|building)\b/i,
  animal: /\b(?:cat|dog|poodle|horses?|bird|canary|parakeet|bear|vultures|seagull|elephant)\b/i,
  product:
    /\b(?:laptop|computer|monitors?|keyboard|luggage|suitcases|suit cases|lego|toys?|motorcycle|skateboard|bus|buses|car|phone|plane|jets)\b/i,
}

/** In how many of five captions a kind's words must stand; and in how many another's may, so that the photograph is of that kind alone. */
const AT_LEAST = 4
const AT_MOST = 2

/**
 * The kind of a photograph by its captions: the one that at least four of five speak of, where at most two speak of any other; none
 * where that is no kind or several. Vehicles and gear are things that people and places come with: where a person or a place is
 * spoken of in four captions they do not count as another kind.
 */
export function kindByCaptions(captions: readonly string[]): Kind | undefined {
  const counts = (Object.keys(WORDS) as Kind[]).map(kind => ({
    kind,
    count: captions.filter(caption => WORDS[kind].test(caption)).length,
  }))
  const often = counts.filter(({ count }) => count >= AT_LEAST)
  const scenes = often.filter(({ kind }) => kind !== 'product')
  const [found, second] = scenes.length > 0 ? scenes : often
  if (!found || second) return undefined
  const others = counts.filter(
    ({ kind }) => kind !== found.kind && (kind !== 'product' || found.kind === 'animal'),
  )
  return others.every(({ count }) => count <= AT_MOST) ? found.kind : undefined
}

/** The kind of ImageNet's sample picture by the number in its name. */
export function kindByClass(file: string): Kind | undefined {
  const number = Number(/^(\d{3})_/.exec(file)?.[1])
  return (Object.keys(CLASSES) as Kind[]).find(kind => CLASSES[kind].includes(number))
}

/** The photographs of `coco-cc` and `imagenet-100` in a folder that show one kind, in the order of their names. */
export async function readPhotographs(data: string): Promise<Photograph[]> {
  const coco = join(data, 'coco-cc')
  const manifest = JSON.parse(await readFile(join(coco, 'manifest.json'), 'utf8')) as {
    file: string
    captions: string[]
  }[]
  const imagenet = join(data, 'imagenet-100')
  const found = [
    ...manifest.map(({ file, captions }) => ({
      file: join(coco, 'images', file),
      kind: kindByCaptions(captions),
    })),
    ...(await readdir(imagenet)).map(file => ({ file: join(imagenet, file), kind: kindByClass(file) })),
  ]
  return found
    .flatMap(({ file, kind }) => (kind ? [{ file, kind }] : []))
    .sort((a, b) => (a.file < b.file ? -1 : 1))
}
