import { existsSync } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { useEngine } from '@mafjs/compile/engine'
import { openFeatures } from '@mafjs/data/features'
import { freezeEncoder, loadImageEncoder } from '@mafjs/encoders'
import { markdownTable, percent } from '@mafjs/evaluate'
import { permutation } from '@mafjs/tensor'
import { standardizer } from '@mafjs/train'
import { ridgeRegression } from '../studies/ridge'
import { writeResult } from '../write-result'
import { openDraws } from './draws'
import { findPictures, isHeldOut, type SourcePicture } from './find-pictures'
import { KINDS } from './kinds'
import type { Options } from './options'
import { renderPicture, renderPlain } from './render-picture'
import { SIZES } from './write-pictures'

/** The packages that show all four kinds, each of which is once trained on and once tested on. */
const STYLES = ['emoji', 'clipart'] as const

/** Pictures of a kind and style. */
const EACH = 60

const SEED = 2026

/** Of the ridge regression; features are standardized. */
const PENALTY = 1000

type Vector = Float32Array

/** Pictures as they are, on white, and as they are made for the training. */
async function writeBoth(work: string): Promise<{ name: string; shown: string; from: string }[]> {
  const folder = join(work, 'transfer')
  const listed = join(folder, 'pictures.json')
  if (existsSync(listed)) return JSON.parse(await readFile(listed, 'utf8'))
  const all = (await findPictures(join(work, 'packages'))).filter(one => !isHeldOut(one))
  const scenes = all.filter(one => one.shown === 'place' && one.from === 'emoji')
  await mkdir(folder, { recursive: true })
  const pictures: { name: string; shown: string; from: string }[] = []
  for (const from of STYLES)
    for (const shown of KINDS) {
      const found = all.filter(one => one.from === from && one.shown === shown)
      const order = permutation(found.length, { seed: SEED, site: `posts-en-pictures.${from}.${shown}` })
      for (const i of order.slice(0, EACH)) {
        const object: SourcePicture = found[i]!
        const step = pictures.length
        const name = `${step}.jpg`
        await writeFile(join(folder, `plain-${name}`), await renderPlain(object))
        const draws = openDraws(SEED, 'transfer', step)
        const backdrop = shown !== 'place' && draws.chance(0.35) ? draws.of(scenes) : undefined
        const noiseKey = { seed: SEED, step }
        const made = { draws, objects: [object], backdrop, size: SIZES[shown], noiseKey }
        await writeFile(join(folder, `made-${name}`), await renderPicture(made))
        pictures.push({ name, shown, from })
      }
    }
  await writeFile(listed, JSON.stringify(pictures))
  return pictures
}

const largest = (values: ArrayLike<number>): number =>
  Array.from(values).reduce((best, value, i, all) => (value > all[best]! ? i : best), 0)

/**
 * How well what a picture shows is told in another style than it was learned from, which stands for photographs: none takes part. Pictures
 * are learned as they are, as they are made for the training, or as both.
 */
export async function measureTransfer(options: Options): Promise<void> {
  const { work, results, threads, imageEncoder } = options
  const pictures = await writeBoth(work)
  const engine = await useEngine({ engine: 'onnx', threads })
  const encoder = freezeEncoder(await loadImageEncoder(imageEncoder), engine)
  const features = await openFeatures({ encoder, images: join(work, 'transfer'), onBrokenPicture: 'stop' })
  const vectorOf = async (image: string): Promise<Vector> =>
    Float32Array.from((await features.load([{ image }])).summary.data)
  const vectors: Record<'plain' | 'made', Vector[]> = { plain: [], made: [] }
  for (const way of ['plain', 'made'] as const)
    for (const { name } of pictures) vectors[way].push(await vectorOf(`${way}-${name}`))
  await features.dispose()
  await encoder.dispose()
  const target = (shown: string): Vector => Float32Array.from(KINDS, kind => (kind === shown ? 0.75 : -0.25))
  const rows: { learned: string; ways: string; tested: string; accuracy: number; count: number }[] = []
  for (const learned of STYLES)
    for (const ways of [['plain'], ['made'], ['plain', 'made']] as const) {
      const train = ways.flatMap(way =>
        pictures.flatMap(({ from, shown }, i) =>
          from === learned ? [{ text: vectors[way][i]!, image: target(shown) }] : [],
        ),
      )
      const standard = standardizer(train.map(({ text }) => text))
      const predict = ridgeRegression(train.map(({ text, image }) => ({ text: standard(text), image })))(
        PENALTY,
      )
      for (const tested of ['plain', 'made'] as const) {
        const test = pictures.flatMap(({ from, shown }, i) =>
          from === learned ? [] : [{ text: standard(vectors[tested][i]!), image: target(shown) }],
        )
        const said = predict(test)
        const right = said.filter(({ text, image }) => largest(text) === largest(image)).length
        const accuracy = right / test.length
        rows.push({ learned, ways: ways.join(' and '), tested, accuracy, count: test.length })
      }
    }
  await writeResult(results, 'posts-en-pictures-transfer', { each: EACH, penalty: PENALTY, seed: SEED, rows })
  const cells = rows.map(({ learned, ways, tested, accuracy }) => [learned, ways, tested, percent(accuracy)])
  console.log(
    markdownTable(['learned', 'ways', 'the other style, tested', 'kind right, %'], cells, [0, 1, 2]),
  )
}
