import { existsSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { useBackend } from '@mafjs/compile/engine'
import { createResNetEncoder } from '@mafjs/encoders'
import { loadMaf, trainRun } from '@mafjs/ner-maf'
import { uniform } from '@mafjs/tensor'
import { saveEncoder, TINY_RESNET } from '../../tools/tiny-world/save-encoder'
import { writeBert } from '../../tools/tiny-world/write-bert'
import type { Work } from '../ours/works'
import { drawWords, VOCABULARY, writePicture } from '../prepare/drawn-posts'
import type { ScalePoint } from './points'

/** A text encoder that any machine computes at once, of any length that is measured. */
const SHAPE = { hidden: 64, layers: 2, heads: 4, intermediate: 128, maxPositions: 512 }

/** Every fifth word is a name. */
const NAMES = 5

const nothing = (): Promise<never> => Promise.reject(new Error('There is nothing to compare.'))

const filesOf = (folder: string) => ({
  data: join(folder, 'data'),
  images: join(folder, 'images'),
  textEncoder: join(folder, 'text-encoder'),
  imageEncoder: join(folder, 'image-encoder.safetensors'),
  out: join(folder, 'model'),
})

/** Posts of half to all of the length; words fall into two pieces each. */
function drawPosts({ posts, tokens, pictures }: ScalePoint) {
  const shares = uniform(posts, { seed: 37, site: 'scale' })
  return Array.from(shares, (share, place) => {
    const words = drawWords(Math.ceil(((tokens - 2) / 4) * (1 + share)), `scale ${place}`)
    const labels = words.map((_, word) => (word % NAMES === 2 ? 'B-PER' : 'O'))
    return { id: String(place), tokens: words, labels, ...(place < pictures && { image: `${place}.jpg` }) }
  })
}

async function writePoint(folder: string, point: ScalePoint): Promise<void> {
  const { data, images, textEncoder, imageEncoder } = filesOf(folder)
  for (const made of [data, images]) await mkdir(made, { recursive: true })
  const posts = drawPosts(point)
  await writeFile(join(data, 'train.jsonl'), posts.map(post => `${JSON.stringify(post)}\n`).join(''))
  for (const { image } of posts)
    if (image) await writePicture(join(images, image), image, { width: 320, height: 240 })
  await writeBert(textEncoder, SHAPE, { vocab: VOCABULARY.join('\n'), lowercase: false })
  await useBackend('cpu')
  await saveEncoder(imageEncoder, createResNetEncoder({ ...TINY_RESNET, seed: 37 }))
}

/** Training as a user has it, from the files to the checkpoint: one epoch, features from a cold cache. */
export async function loadScaleTraining(folder: string, point: ScalePoint): Promise<Work> {
  const { imageEncoder, images, ...files } = filesOf(folder)
  if (!existsSync(files.data)) await writePoint(folder, point)
  const pictured = point.pictures > 0 && { images, imageEncoder }
  const { tokens: maxLength, batch: batchSize, threads } = point
  return {
    run: () =>
      trainRun({
        ...{ ...files, ...pictured, randomTextEncoder: true, overwrite: true },
        ...{ epochs: 1, maxLength, batchSize, threads, engine: 'onnx', featureCache: join(folder, 'cache') },
      }),
    compare: nothing,
  }
}

/** Annotating a stream of the posts that were trained on. */
export async function loadScalePrediction(folder: string, point: ScalePoint): Promise<Work> {
  const { images, out } = filesOf(folder)
  const maf = await loadMaf(out, { engine: 'onnx', threads: point.threads })
  const posts = drawPosts(point).map(({ tokens, image }) => ({
    ...{ text: tokens.join(' '), tokens },
    ...(image && { images: [join(images, image)] }),
  }))
  return {
    async run() {
      for await (const result of maf.annotateMany(posts, { batchSize: point.batch }))
        if ('error' in result) throw result.error
    },
    compare: nothing,
  }
}
