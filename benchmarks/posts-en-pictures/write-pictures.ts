import { existsSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { permutation } from '@mafjs/tensor'
import { replaceFile } from '@mafjs/tensor/files'
import { openDraws } from './draws'
import { findPictures, isHeldOut, SHOWN, type Shown, type SourcePicture } from './find-pictures'
import type { PackageName } from './picture-packages'
import { renderPicture, renderPlain } from './render-picture'

/** A picture as it was made. */
export interface MadePicture {
  /** Within the folder of pictures. */
  image: string
  split: 'train' | 'valid'
  shown: Shown
  words: string[]
}

/** How many pictures are made for training, by what they show and where that comes from; a fifth as many for validation. */
export const COUNTS: Readonly<Record<Shown, Partial<Record<PackageName, number>>>> = {
  person: { emoji: 300, clipart: 200 },
  place: { emoji: 300, clipart: 200 },
  animal: { emoji: 250, clipart: 250 },
  product: { emoji: 250, clipart: 250 },
  organisation: { logo: 400 },
  country: { flag: 250 },
}

/** Sides of what is shown, as shares of the shorter side: a place fills the picture. */
export const SIZES: Readonly<Record<Shown, readonly [number, number]>> = {
  person: [0.5, 1.3],
  place: [0.8, 1.7],
  animal: [0.45, 1.2],
  product: [0.4, 1.1],
  organisation: [0.3, 0.9],
  country: [0.4, 1.1],
}

/** Of what there may be several in one picture, as people and cattle come. */
const IN_GROUPS: readonly Shown[] = ['person', 'animal']

/** The share that stays as it is, on white: what a picture shows is then told best in another style (the part `transfer`). */
const PLAIN = 1 / 3

/** What is not seen from behind. */
const WRITTEN: readonly Shown[] = ['organisation', 'country']

/** The pictures of a package that show something, of one split. */
const pick = (all: readonly SourcePicture[], shown: Shown, from: string, held: boolean): SourcePicture[] =>
  all.filter(one => one.shown === shown && one.from === from && isHeldOut(one) === held)

/**
 * Makes all pictures, deterministic by seed; those of validation show nothing that those of training show, backdrops neither.
 *
 * @returns what was made, in its order; also `pictures.json` of the folder, which is written last.
 */
export async function writePictures(
  {
    packages,
    out,
    seed,
    counts = COUNTS,
  }: { packages: string; out: string; seed: number; counts?: typeof COUNTS },
  signal?: AbortSignal,
): Promise<MadePicture[]> {
  const all = await findPictures(packages)
  const made: MadePicture[] = []
  for (const split of ['train', 'valid'] as const) {
    await mkdir(join(out, split), { recursive: true })
    const isHeld = split === 'valid'
    const scenes = pick(all, 'place', 'emoji', isHeld)
    for (const shown of SHOWN) {
      for (const [from, count] of Object.entries(counts[shown])) {
        const found = pick(all, shown, from, isHeld)
        const site = `posts-en-pictures.${split}.${shown}.${from}`
        const sources = permutation(found.length, { seed, site }).map(i => found[i]!)
        for (let i = 0; i < (isHeld ? Math.ceil(count / 5) : count); i++) {
          signal?.throwIfAborted()
          const step = made.length
          const draws = openDraws(seed, 'picture', step)
          // Each in turn, so that none is left out while others come twice.
          const first = sources[i % sources.length]!
          const more = IN_GROUPS.includes(shown) && draws.chance(0.35) ? 1 + draws.below(2) : 0
          const objects = [first, ...Array.from({ length: more }, () => draws.of(sources))]
          const backdrop = shown !== 'place' && draws.chance(0.35) ? draws.of(scenes) : undefined
          const image = `${split}/${shown}-${String(step).padStart(4, '0')}.jpg`
          const noiseKey = { seed, step }
          made.push({ image, split, shown, words: first.words })
          // Made before an interruption: every picture has draws of its own.
          if (existsSync(join(out, image))) continue
          const bytes = draws.chance(PLAIN)
            ? await renderPlain(first)
            : await renderPicture({
                ...{ draws, objects, backdrop, size: SIZES[shown], noiseKey },
                canMirror: !WRITTEN.includes(shown),
              })
          await replaceFile(out, image, bytes)
        }
      }
    }
  }
  await writeFile(join(out, 'pictures.json'), JSON.stringify(made))
  return made
}
