import { basename } from 'node:path'
import type { Parsed } from '../formats/format'
import type { OnBrokenPicture } from '../pictures/broken-picture'
import { copiesAmong } from '../pictures/identical-pictures'
import { createPictureFinder } from '../pictures/picture-files'
import { pictureIdOf, picturesOf } from '../pictures/pictures-of'
import { dataError, quoted } from '../posts/data-error'
import { orphansOf } from '../posts/orphans'
import type { ParsedPost, Post, ReadReport, Split } from '../posts/post'
import { countedKinds } from '../posts/problem'
import type { Reading } from './read-file'
import { readWithoutLoss } from './read-without-loss'

/** How files of posts are read. */
export interface ReadOptions extends Omit<Reading, 'labels'> {
  /** The images folder; without it no picture is looked up. */
  images?: string | undefined
  /** What a picture that is named but missing does. @default 'skip' */
  onBrokenPicture?: OnBrokenPicture | undefined
  /** The split's name. @default the file's name without its suffix */
  name?: string | undefined
}

/** Gives posts whose pictures are those of others under another name the same name for them. */
async function nameIdentical(posts: readonly Post[], images: string): Promise<void> {
  const first = new Map<string, string>()
  for (const [original, ...copies] of await copiesAmong(images, new Set(posts.flatMap(picturesOf)))) {
    for (const path of copies) first.set(path, original!)
  }
  for (const post of posts) {
    const pictures = picturesOf(post)
    if (!pictures.some(path => first.has(path))) continue
    const [image, ...others] = pictures.map(path => first.get(path) ?? path)
    post.pictureId = pictureIdOf(others.length > 0 ? { images: [image!, ...others] } : { image })
  }
}

/** Looks up the pictures of posts. */
async function lookUp(
  posts: readonly ParsedPost[],
  images: string | undefined,
  report: ReadReport,
): Promise<Post[]> {
  const find = images === undefined ? undefined : await createPictureFinder(images)
  const found: Post[] = []
  for (const { pictures, written: _, ...post } of posts) {
    found.push(post)
    if (pictures.length === 0) report.withoutPicture++
    else if (find === undefined) report.picturesNotLookedUp++
    else {
      const paths: string[] = []
      for (const picture of pictures) {
        const path = await find(picture)
        if (path !== undefined) paths.push(path)
        else report.missingPictures.push({ picture, ...post.source })
      }
      if (paths[0] !== undefined) post.image = paths[0]
      if (paths.length > 1) post.images = paths
    }
  }
  if (images !== undefined) await nameIdentical(found, images)
  return found
}

/** What a parser met that a person should know; of pictures nothing, which are not looked up yet. */
export function reportOf({ posts, problems }: Parsed): ReadReport {
  const counted = (code: string): number => problems.filter(problem => problem.code === code).length
  const kinds = (code: 'not-carried' | 'left-out'): string[] =>
    countedKinds(problems, new Set([code])).map(({ about, count }) => `${count} ${about}`)
  return {
    withoutPicture: 0,
    picturesNotLookedUp: 0,
    missingPictures: [],
    labelsMapped: counted('other-type'),
    labelsConverted: counted('other-scheme'),
    orphans: posts.reduce((sum, { labels = [] }) => sum + orphansOf(labels).length, 0),
    misplacedEntities: counted('misplaced-entity'),
    unknownFields: problems.filter(({ code }) => code === 'unknown-field').map(({ about }) => about),
    notCarried: kinds('not-carried'),
    leftOut: kinds('left-out'),
  }
}

/**
 * Reads one file of posts, in the format that its suffix or else its first lines are in.
 *
 * @throws InvalidArgumentError naming file and line of whatever cannot be read without loss; when there are no posts; or,
 * where it is to stop, when a picture is missing.
 */
export async function readExamples(
  file: string,
  {
    images,
    onBrokenPicture = 'skip',
    name = basename(file).replace(/\.[^.]*$/, ''),
    ...how
  }: ReadOptions = {},
): Promise<Split> {
  const { posts, problems, pictures: inFile } = await readWithoutLoss(file, how)
  const report = reportOf({ posts, problems })
  const examples = await lookUp(posts, images, report)
  const first = report.missingPictures[0]
  if (first && images !== undefined && inFile?.has(first.picture)) {
    throw dataError({
      ...{ file: first.file, line: first.line },
      rule: `must have its pictures in ${images}`,
      received: `${quoted(first.picture)}, which stands in the file itself`,
      fix: 'Unpack the pictures first: unpackPictures({ data, images }), or ner-maf convert.',
    })
  }
  if (onBrokenPicture === 'stop' && first) {
    throw dataError({
      file,
      line: first.line,
      rule: `must name a picture that is in ${images}`,
      received: `${quoted(first.picture)}, the first of ${report.missingPictures.length} that are missing`,
      fix: 'Add the pictures, or skip such pictures: these posts are then read as posts without a picture.',
    })
  }
  return { name, examples, report }
}
