import { readdir } from 'node:fs/promises'
import { extname } from 'node:path'
import { PICTURE_SUFFIXES } from '@mafjs/data'
import { InvalidArgumentError, permutation } from '@mafjs/tensor'

const isPicture = (name: string): boolean =>
  (PICTURE_SUFFIXES as readonly string[]).includes(extname(name).toLowerCase())

/**
 * Gives every post with a picture one of another folder, in random order; where there are fewer pictures than posts, they
 * are used in turn.
 *
 * @param files the picture of each post
 * @throws InvalidArgumentError for a folder that cannot be read or has no picture.
 */
export async function foreignPictures(
  folder: string,
  files: readonly (string | undefined)[],
  seed: number,
): Promise<(string | undefined)[]> {
  const refuse = (received: string): never => {
    throw new InvalidArgumentError({
      argument: 'foreignImages',
      rule: `must be a folder with pictures (${PICTURE_SUFFIXES.join(', ')})`,
      received,
      fix: 'Name another folder, or leave foreign pictures out.',
    })
  }
  const names = await readdir(folder).catch(error => refuse((error as Error).message))
  const pictures = names.filter(isPicture).sort()
  if (pictures.length === 0) refuse(`${folder} with ${names.length} other files`)
  const order = permutation(pictures.length, { seed, site: 'probe.foreignPictures' })
  let next = 0
  return files.map(file => (file === undefined ? undefined : pictures[order[next++ % order.length]!]))
}
