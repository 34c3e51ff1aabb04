import { existsSync } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { writePosts } from '../posts-en/write-posts'
import { writeResult } from '../write-result'
import { SHOWN } from './find-pictures'
import { type JoinedPost, joinPosts, type OpenPost, SHARES } from './join-posts'
import type { Options } from './options'
import { PICTURE_PACKAGES, readyPackages } from './picture-packages'
import { COUNTS, type MadePicture, writePictures } from './write-pictures'

/** How large the corpus is, and what it is drawn by. */
export const CORPUS = {
  train: { most: 4200, glimpses: 1800 },
  valid: { most: 600, glimpses: 300 },
  seed: 2026,
} as const

const readLines = async <Line>(file: string): Promise<Line[]> =>
  (await readFile(file, 'utf8')).split('\n').flatMap(line => (line === '' ? [] : [JSON.parse(line) as Line]))

/** The folder of the corpus and that of its pictures. */
export const corpusFolders = (work: string) => ({
  data: join(work, 'corpus'),
  images: join(work, 'pictures'),
})

function countPosts(posts: readonly JoinedPost[]) {
  const labels = posts.flatMap(one => one.labels.filter(label => label.startsWith('B-')))
  const of = (type: string): number => labels.filter(label => label === `B-${type}`).length
  return {
    posts: posts.length,
    pictured: posts.filter(({ image }) => image !== undefined).length,
    glimpses: posts.filter(({ id }) => id.endsWith('-glimpse')).length,
    entities: Object.fromEntries(['PER', 'LOC', 'ORG', 'MISC'].map(type => [type, of(type)])),
  }
}

/** Makes pictures and posts, and joins them: `corpus/train.jsonl` and `corpus/valid.jsonl`, written last. */
export async function makeCorpus({ data, work, results }: Options, signal: AbortSignal): Promise<void> {
  const { data: out, images } = corpusFolders(work)
  const packages = join(work, 'packages')
  await readyPackages(packages, signal)
  const made = join(images, 'pictures.json')
  const { seed } = CORPUS
  const pictures: MadePicture[] = existsSync(made)
    ? JSON.parse(await readFile(made, 'utf8'))
    : await writePictures({ packages, out: images, seed }, signal)
  const posts = join(work, 'posts')
  await writePosts({ data: join(data, 'open-ner'), out: posts, handles: 'unlabelled' })
  await mkdir(out, { recursive: true })
  const counts: Record<string, object> = {}
  for (const split of ['train', 'valid'] as const) {
    const open = await readLines<OpenPost>(join(posts, `${split}.jsonl`))
    const joined = joinPosts(open, pictures, { split, ...CORPUS[split], seed })
    await writeFile(join(out, `${split}.jsonl`), joined.map(post => `${JSON.stringify(post)}\n`).join(''))
    const shown = pictures.filter(picture => picture.split === split)
    counts[split] = {
      ...countPosts(joined),
      pictures: Object.fromEntries(
        SHOWN.map(kind => [kind, shown.filter(picture => picture.shown === kind).length]),
      ),
    }
    console.log(`${split}: ${JSON.stringify(counts[split])}`)
  }
  const licences = Object.values(PICTURE_PACKAGES).map(one => {
    const { sha256, licence, ...name } = one
    return { ...name, sha256, licence }
  })
  await writeResult(results, 'posts-en-pictures-corpus', {
    settings: { ...CORPUS, shares: SHARES, renders: COUNTS },
    counts,
    licences,
  })
}
