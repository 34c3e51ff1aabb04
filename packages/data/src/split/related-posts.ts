import { join } from 'node:path'
import { PictureError } from '@mafjs/encoders'
import { createGroups, type Groups } from '../duplicates/groups'
import { nearDuplicates } from '../duplicates/near-duplicates'
import { pictureHash } from '../duplicates/picture-hash'
import { eachPicture } from '../pictures/each-picture'
import { copiesAmong } from '../pictures/identical-pictures'
import { createPictureFinder } from '../pictures/picture-files'
import type { ParsedPost } from '../posts/post'

/** Where the pictures of posts are. */
export interface RelatedOptions {
  /** The images folder. @default pictures are told apart by their names alone */
  images?: string | undefined
  /** That bound how many pictures are decoded at once. @default one for each processor that this process may use */
  threads?: number | undefined
  /** Is told how many pictures there are before they are looked at, which may take a while. */
  onPictures?: ((count: number) => void) | undefined
}

/** Which posts belong together. */
export interface RelatedPosts {
  /** The group of every post: the index of its first. */
  groups: number[]
  /** Posts that belong to others by their words, and by their pictures. */
  related: { byText: number; byPicture: number }
  /** Pictures that are not in the folder or cannot be decoded: what they look like is not known. */
  pictures: { missing: number; broken: number }
}

/** Joins items of one key, and counts those that are not alone under theirs. */
function joinAll(keys: Iterable<readonly [key: string, item: number]>, groups: Groups): Set<number> {
  const first = new Map<string, number>()
  const joined = new Set<number>()
  for (const [key, item] of keys) {
    const before = first.get(key)
    if (before === undefined) first.set(key, item)
    else if (before !== item) {
      groups.join(before, item)
      joined.add(before).add(item)
    }
  }
  return joined
}

/** The name of what each picture shows: the same for the same bytes and for what looks alike. */
async function lookAlikes(
  names: readonly string[],
  { images, threads, onPictures }: RelatedOptions,
): Promise<{ shown: Map<string, string> } & Pick<RelatedPosts, 'pictures'>> {
  const shown = new Map(names.map(name => [name, name]))
  if (images === undefined) return { shown, pictures: { missing: 0, broken: 0 } }
  const find = await createPictureFinder(images)
  const found = await Promise.all(names.map(async name => [name, await find(name)] as const))
  const paths = [...new Set(found.flatMap(([, path]) => path ?? []))]
  onPictures?.(paths.length)
  const hashes = await eachPicture(paths, threads, path =>
    pictureHash(join(images, path)).catch(error => {
      if (error instanceof PictureError) return undefined
      throw error
    }),
  )
  const groups = createGroups(paths.length)
  const near = nearDuplicates(hashes.map(hash => ({ hash })))
  for (const [i, other] of near.entries()) groups.join(i, other)
  const placeOf = new Map(paths.map((path, i) => [path, i]))
  for (const [original, ...copies] of await copiesAmong(images, paths, threads)) {
    for (const copy of copies) groups.join(placeOf.get(original!)!, placeOf.get(copy)!)
  }
  for (const [name, path] of found) {
    if (path !== undefined) shown.set(name, paths[groups.firstOf(placeOf.get(path)!)]!)
  }
  const missing = found.filter(([, path]) => path === undefined).length
  return { shown, pictures: { missing, broken: hashes.filter(hash => hash === undefined).length } }
}

/**
 * Finds which posts must not be parted, since who has seen one knows the other: those with the same id, the same words or nearly
 * (reposts), and those with the same picture, by name, byte for byte or by its looks.
 *
 * @throws InvalidArgumentError for an images folder that cannot be read.
 */
export async function relatedPosts(
  posts: readonly ParsedPost[],
  options: RelatedOptions = {},
): Promise<RelatedPosts> {
  const groups = createGroups(posts.length)
  joinAll(
    posts.map(({ id }, i) => [id, i]),
    groups,
  )
  const near = nearDuplicates(posts.map(({ words }) => ({ text: words.join(' ') })))
  const byText = joinAll(
    posts.flatMap(({ words }, i): [string, number][] => [
      [JSON.stringify(words), i],
      [String(near[i]), i],
    ]),
    groups,
  )
  const names = [...new Set(posts.flatMap(({ pictures }) => pictures))]
  const { shown, pictures } = await lookAlikes(names, options)
  const byPicture = joinAll(
    posts.flatMap((post, i) => post.pictures.map((name): [string, number] => [shown.get(name)!, i])),
    groups,
  )
  return {
    groups: posts.map((_, i) => groups.firstOf(i)),
    related: { byText: byText.size, byPicture: byPicture.size },
    pictures,
  }
}
