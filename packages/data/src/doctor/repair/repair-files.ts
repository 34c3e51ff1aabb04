import { basename } from 'node:path'
import { InvalidArgumentError } from '@mafjs/tensor'
import type { WritingFormat } from '../../formats/format'
import { writingFormat } from '../../formats/writing-format'
import type { Examination } from '../examine'
import { FINDINGS, type FindingCode, type FindingKind } from '../findings'
import { type DoctorFile, placeOf } from '../post'
import { keepPosts } from './keep-posts'
import type { Repair } from './repair'
import { repairPictures } from './repair-pictures'
import { repairPost } from './repair-post'

/** A repaired copy, before it is written. */
export interface RepairedFiles {
  /** The text of each file of posts by its name. */
  texts: Map<string, string>
  /** The name of each picture in the copy by its path in the images folder; none without an images folder. */
  pictures: Map<string, string>
  repairs: Repair[]
}

/** Found while reading; writing the copy mends them by itself. */
const MENDED_BY_WRITING: ReadonlySet<FindingCode> = new Set<FindingCode>([
  'second-header',
  'picture-name',
  'rounded-id',
  'byte-order-mark',
  'carriage-return',
  'no-final-blank-line',
  'other-type',
  'other-scheme',
  'other-offsets',
  'left-out',
  'not-carried',
])

/** What a copy is written in, and its name: formats of other tools are written as JSONL. */
function copyOf(from: DoctorFile): { format: WritingFormat; name: string } {
  const format = writingFormat(from)
  const name = basename(from.file)
  const isOwn = format.name === from.format.name && from.container === undefined
  return { format, name: isOwn ? name : `${name.replace(/\.[^.]*$/, '')}.jsonl` }
}

const repairOf = (code: FindingCode): string => (FINDINGS[code] as FindingKind).repair ?? ''

/**
 * Repairs what can be repaired without guessing.
 *
 * @throws InvalidArgumentError when nothing of a file can be kept.
 */
export function repairFiles({ files, pictures }: Pick<Examination, 'files' | 'pictures'>): RepairedFiles {
  const { kept, repairs } = keepPosts(files)
  const places = new Set(kept.map(placeOf))
  const isKept = (file: string, line: number | undefined): boolean => places.has(`${file}:${line}`)
  const written = files
    .flatMap(({ findings }) => findings)
    .filter(
      ({ code, file, line }) =>
        MENDED_BY_WRITING.has(code) || (code === 'misplaced-entity' && isKept(file, line)),
    )
    .map(
      ({ code, file, line }): Repair => ({
        ...{ code, file, line },
        repair:
          code === 'misplaced-entity' ? 'the entity has the whole words that it touches' : repairOf(code),
      }),
    )
  repairs.push(...written)
  const repairedPictures = pictures && repairPictures(kept, pictures)
  repairs.push(...(repairedPictures?.repairs ?? []))
  const keptPosts = new Set(kept)
  const texts = new Map<string, string>()
  for (const from of files) {
    const { file, posts } = from
    const { format, name } = copyOf(from)
    let text = ''
    for (const post of posts) {
      if (!keptPosts.has(post)) continue
      const names = repairedPictures?.names.get(post) ?? post.pictures
      const repaired = repairPost(post, names)
      text += format.write(repaired.post)
      repairs.push(...repaired.repairs)
    }
    if (text === '') {
      throw new InvalidArgumentError({
        argument: file,
        rule: 'must have a post that can be kept',
        received: `${posts.length} posts, none of which can`,
        fix: 'Mend the errors of this file by hand first.',
      })
    }
    texts.set(name, text)
  }
  return { texts, pictures: repairedPictures?.copies ?? new Map(), repairs }
}
