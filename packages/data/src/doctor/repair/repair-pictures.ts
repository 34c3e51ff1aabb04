import { extname, join, posix } from 'node:path'
import { isMislabelled } from '../checks/check-pictures'
import type { DoctorPictures } from '../pictures'
import type { DoctorPost } from '../post'
import type { Repair } from './repair'

/** What becomes of the pictures. */
export interface RepairedPictures {
  /** The name of each picture in the copy, by its path in the source. */
  copies: Map<string, string>
  /** What each post names in the copy. */
  names: Map<DoctorPost, string[]>
  repairs: Repair[]
}

/** Of the formats that a name without a suffix is looked up with. */
const SUFFIX = new Map(Object.entries({ jpeg: '.jpg', png: '.png', webp: '.webp', gif: '.gif' }))

const withoutSuffix = (path: string): string => path.slice(0, path.length - extname(path).length)

/** Renames mislabelled pictures where the new name cannot be taken for another picture. */
function renamed(paths: readonly string[], { facts }: DoctorPictures): Map<string, string> {
  const stems = new Map<string, number>()
  for (const path of paths) {
    // A name whose suffix differs only in case is another name on some systems and the same on others.
    const stem = withoutSuffix(path).toLowerCase()
    stems.set(stem, (stems.get(stem) ?? 0) + 1)
  }
  return new Map(
    paths.map(path => {
      const picture = facts.get(path)!
      const suffix = SUFFIX.get(picture.format ?? '')
      const isAlone = stems.get(withoutSuffix(path).toLowerCase()) === 1
      return [path, isMislabelled(picture) && suffix && isAlone ? withoutSuffix(path) + suffix : path]
    }),
  )
}

/** Decides which pictures the copy has, under which names, and which posts lose theirs. */
export function repairPictures(posts: readonly DoctorPost[], pictures: DoctorPictures): RepairedPictures {
  const repairs: Repair[] = []
  const usable: { post: DoctorPost; name: string; path: string }[] = []
  const kept = new Set(posts)
  for (const { post, name, path } of pictures.found) {
    if (!kept.has(post)) continue
    const { fault, isUnread } = pictures.facts.get(path ?? '') ?? {}
    // One of a format that is not read may be whole, and is to be converted.
    const isBroken = fault !== undefined && !isUnread
    if (path !== undefined && !isBroken) {
      usable.push({ post, name, path })
      continue
    }
    const code = isBroken ? 'broken-picture' : 'missing-picture'
    const repair = `reference to ${JSON.stringify(name)} taken out`
    repairs.push({ code, ...post.source, repair })
  }
  const copies = renamed([...new Set(usable.map(({ path }) => path))], pictures)
  for (const [from, to] of copies) {
    if (from !== to) {
      repairs.push({
        code: 'mislabelled-picture',
        file: join(pictures.images, from),
        repair: `renamed to ${to}`,
      })
    }
  }
  const names = new Map<DoctorPost, string[]>(posts.map(post => [post, []]))
  for (const { post, name, path } of usable) {
    // A name without a suffix finds the renamed file too; it is the post's id, which should stay.
    names.get(post)!.push(posix.normalize(name) === path ? copies.get(path)! : name)
  }
  return { copies, names, repairs }
}
