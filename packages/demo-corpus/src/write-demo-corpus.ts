import { mkdir, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { conll } from '@mafjs/data'
import { InvalidArgumentError } from '@mafjs/tensor'
import { writeUnsynced } from '@mafjs/tensor/files'
import { type DemoCorpus, demoSplits } from './create-demo-corpus'
import type { DemoPost } from './demo-post'
import { encodePng } from './pictures/render-picture'

/** Where the corpus was written, as `ner-maf train` asks for it. */
export interface WrittenCorpus {
  /** The folder with `train.txt`, `valid.txt` and `test.txt`. */
  data: string
  /** The folder with the pictures. */
  images: string
  /** The WordPiece vocabulary, one piece a line. */
  vocabulary: string
}

const picturesAtOnce = 8

/** A post as a CoNLL file has it; its picture is named after it. */
const written = (post: DemoPost): string =>
  conll.write({ ...post, pictures: post.image === undefined ? [] : [post.id] })

/**
 * Writes the corpus as a data set in MNER's CoNLL format: `train.txt`, `valid.txt`, `test.txt`, `vocab.txt`, and
 * `images/ID.png` for every post with a picture; a post without one has its id as a comment, `# id:`.
 *
 * @param size width and height of the pictures in pixels
 * @throws InvalidArgumentError when the folder is there and not empty.
 */
export async function writeDemoCorpus(
  folder: string,
  corpus: DemoCorpus,
  { size = 56 }: { size?: number } = {},
): Promise<WrittenCorpus> {
  const images = join(folder, 'images')
  await mkdir(folder, { recursive: true })
  const there = await readdir(folder)
  if (there.length > 0) {
    throw new InvalidArgumentError({
      argument: 'folder',
      rule: 'must be new or empty',
      received: `${folder} with ${there.slice(0, 5).join(', ')}`,
      fix: 'Name another folder, or empty this one.',
    })
  }
  await mkdir(images)
  for (const split of demoSplits)
    await writeUnsynced(join(folder, `${split}.txt`), corpus[split].map(written).join(''))
  const vocabulary = join(folder, 'vocab.txt')
  await writeUnsynced(vocabulary, corpus.vocabulary.map(piece => `${piece}\n`).join(''))
  const posts = demoSplits.flatMap(split => corpus[split])
  for (let i = 0; i < posts.length; i += picturesAtOnce) {
    await Promise.all(
      posts.slice(i, i + picturesAtOnce).map(async post => {
        const pixels = await corpus.pictures(post, size)
        if (pixels) await writeUnsynced(join(images, post.image!), await encodePng(pixels, size))
      }),
    )
  }
  return { data: folder, images, vocabulary }
}
