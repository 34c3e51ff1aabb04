import { extname, join } from 'node:path'
import { type Finding, finding } from '../findings'
import type { PictureFacts } from '../picture-facts'
import type { DoctorPictures } from '../pictures'
import { type DoctorPost, placeOf } from '../post'

/** A side of fewer pixels shows next to nothing: ResNet's last map is one cell for each 32 x 32 of them. */
const LEAST_SIDE = 32

/** The suffixes each format goes by. */
const SUFFIXES = new Map<string, readonly string[]>(
  Object.entries({
    jpeg: ['.jpg', '.jpeg', '.jpe', '.jfif'],
    png: ['.png'],
    webp: ['.webp'],
    gif: ['.gif'],
    tiff: ['.tif', '.tiff'],
    heif: ['.avif', '.heic', '.heif'],
  }),
)

/** Whether a picture's suffix names another format than its content; one without a suffix names none. */
export function isMislabelled({ path, format }: PictureFacts): boolean {
  const suffix = extname(path).toLowerCase()
  return suffix !== '' && format !== undefined && SUFFIXES.get(format)?.includes(suffix) === false
}

/** The first post of each picture file. */
const firstPosts = ({ found }: DoctorPictures): Map<string, DoctorPost> => {
  const first = new Map<string, DoctorPost>()
  for (const { post, path } of found) if (path !== undefined && !first.has(path)) first.set(path, post)
  return first
}

/** Finds pictures that are missing, broken, tiny or of another format than their suffix says. */
export function checkPictures(pictures: DoctorPictures): Finding[] {
  const { images, found, facts } = pictures
  const findings: Finding[] = []
  for (const { post, name, path } of found) {
    if (path !== undefined) continue
    const message = `${JSON.stringify(name)} is not in ${images}`
    findings.push(finding('missing-picture', post.source.file, post.source.line, message))
  }
  const first = firstPosts(pictures)
  for (const picture of facts.values()) {
    const { path, format, width = 0, height = 0, fault, isUnread } = picture
    const file = join(images, path)
    const named = `named by ${placeOf(first.get(path)!)}`
    if (fault !== undefined) {
      const code = isUnread ? 'unread-picture' : 'broken-picture'
      findings.push(finding(code, file, undefined, `${named}: ${fault}`))
      continue
    }
    if (Math.min(width, height) < LEAST_SIDE) {
      findings.push(finding('tiny-picture', file, undefined, `${named}: ${width} x ${height} pixels`))
    }
    if (isMislabelled(picture)) {
      findings.push(finding('mislabelled-picture', file, undefined, `${named}: its content is ${format}`))
    }
  }
  return findings
}

/** Finds picture files with the same content, by whether posts of two splits have them. */
export function checkIdenticalPictures(pictures: DoctorPictures): Finding[] {
  const { images, found, identical } = pictures
  const splits = new Map<string, Set<string>>()
  for (const { post, path = '' } of found) splits.set(path, (splits.get(path) ?? new Set()).add(post.split))
  return identical.flatMap(([original, ...copies]) => {
    const others = splits.get(original!.path)!
    return copies.map(({ path }) => {
      const own = [...splits.get(path)!]
      const code = own.every(split => others.has(split)) ? 'duplicate-picture' : 'picture-across-splits'
      return finding(code, join(images, path), undefined, `is the same file as ${original!.path}`)
    })
  })
}

/** Finds picture files that no post names. */
export function checkUnnamedPictures({ images, unnamed }: DoctorPictures): Finding[] {
  return unnamed.map(path =>
    finding('unnamed-picture', join(images, path), undefined, 'no post that can be read names it'),
  )
}
