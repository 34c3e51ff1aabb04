import { copyFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { exportOnnx } from '@mafjs/compile'
import { createResNetEncoder, createTextEncoder } from '@mafjs/encoders'
import '@tensorflow/tfjs-backend-cpu'
import * as tf from '@tensorflow/tfjs-core'
import sharp from 'sharp'
import { run } from '../processes'
import { saveEncoder, TINY_RESNET } from '../tiny-world/save-encoder'
import { writeBert } from '../tiny-world/write-bert'
import { linkPackages } from './link-packages'

/**
 * Makes what the documents take for granted, in miniature: what they call `data`, `images`, `bert-base-cased` and so on stands
 * in this folder under these names.
 */
export async function makeWorld(folder: string, root: string): Promise<void> {
  await linkPackages(folder, root)
  const nerMaf = (...parameters: string[]) => run('npx', ['ner-maf', ...parameters], { cwd: folder })
  await nerMaf('demo', '--quick', '--corpus', 'corpus')
  await cutCorpus(folder)
  await tf.setBackend('cpu')
  await writeTextEncoder(folder)
  await saveEncoder(join(folder, 'resnet152.pth'), createResNetEncoder(TINY_RESNET))
  await writeFile(join(folder, 'mobilenet.onnx'), await tinyImageModel())
  await copyFile(join(root, 'packages/data/test/fixtures/formats/hub.parquet'), join(folder, 'hub.parquet'))
  const sources = ['--data', 'data', '--images', 'images', '--text-encoder', 'bert-base-cased']
  await nerMaf('train', ...sources, '--image-encoder', 'resnet152.pth', '--epochs', '2', '--out', 'model')
}

/** A few posts of the demo's corpus with their pictures, and pictures of other posts. */
async function cutCorpus(folder: string): Promise<void> {
  const within = (...path: string[]) => join(folder, ...path)
  for (const name of ['data', 'images', 'other-images']) await mkdir(within(name))
  const pictures = new Set(await readdir(within('corpus/images')))
  for (const [split, count] of Object.entries({ train: 24, valid: 8, test: 8 })) {
    const posts = (await readFile(within('corpus', `${split}.txt`), 'utf8')).split(/\n\n/).slice(0, count)
    await writeFile(within('data', `${split}.txt`), `${posts.join('\n\n').trim()}\n`)
    for (const post of posts) {
      const picture = `${/^IMGID:(.*)$/m.exec(post)?.[1]}.png`
      if (!pictures.delete(picture)) continue
      await copyFile(within('corpus/images', picture), within('images', picture))
    }
  }
  const lines = [
    { id: 7, text: 'Rob sleeps again', image: 'rob.jpg' },
    { id: 8, tokens: ['Rob', 'sleeps'] },
  ]
  await writeFile(within('posts.jsonl'), lines.map(line => `${JSON.stringify(line)}\n`).join(''))
  const seen = (await readdir(within('images'))).sort().slice(0, 24)
  const moods = seen.map((image, i) => ({
    text: `Rob sleeps ${i}`,
    image,
    label: ['bad', 'neither', 'good'][i % 3],
  }))
  await writeFile(within('moods.jsonl'), moods.map(post => `${JSON.stringify(post)}\n`).join(''))
  const others = [...pictures].sort().slice(0, 8)
  for (const other of others) await copyFile(within('corpus/images', other), within('other-images', other))
  await sharp(within('other-images', others[0]!)).jpeg().toFile(within('images', 'rob.jpg'))
  await copyFile(within('images', 'rob.jpg'), within('rob.jpg'))
}

async function writeTextEncoder(folder: string): Promise<void> {
  const out = join(folder, 'bert-base-cased')
  const vocab = await readFile(join(folder, 'corpus/vocab.txt'), 'utf8')
  const shape = { hidden: 16, layers: 1, heads: 2, intermediate: 32, maxPositions: 128 }
  const config = await writeBert(out, shape, { vocab })
  await copyFile(join(folder, 'corpus/tokenizer_config.json'), join(out, 'tokenizer_config.json'))
  await saveEncoder(join(out, 'model.safetensors'), createTextEncoder(config))
}

/** An image model as a stranger has one: `features` are `[pictures, 7, 7, 5]`, of pictures of 56 pixels. */
function tinyImageModel(): Promise<Uint8Array> {
  const filter = tf.variable(tf.fill([8, 8, 3, 5], 0.01), false)
  const features = ({ pixels }: { pixels: tf.Tensor4D }) => ({
    features: tf.conv2d(pixels, filter as tf.Variable<tf.Rank.R4>, 8, 'valid'),
  })
  return exportOnnx(features as never, { pixels: { shape: ['pictures', 56, 56, 3] } })
}
