import { basename } from 'node:path'
import type { Explanation } from '@mafjs/explain'

/** A page is passed on: it names pictures, and not the folders of this machine. */
export function withoutFolders({
  pictures,
  skippedPictures,
  whatIf,
  ...explanation
}: Explanation): Explanation {
  const named = (some: Explanation['pictures']) => some.map(one => ({ ...one, name: basename(one.name) }))
  const skipped = skippedPictures?.map(({ picture, reason }) => ({
    picture: basename(picture),
    reason: reason.replaceAll(picture, basename(picture)),
  }))
  return {
    ...explanation,
    pictures: named(pictures),
    ...(skipped && { skippedPictures: skipped }),
    whatIf: whatIf.map(one => ({ ...one, pictures: named(one.pictures) })),
  }
}
