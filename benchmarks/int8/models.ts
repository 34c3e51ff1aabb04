import { basename } from 'node:path'
import type { WeightType } from '@mafjs/compile'
import { type Program, useEngine } from '@mafjs/compile/engine'
import { collate, type Post, readDataset } from '@mafjs/data'
import { openPictures } from '@mafjs/data/features'
import { preparationOf, wordShape } from '@mafjs/encoders'
import { evaluateLabels, markdownTable, percent } from '@mafjs/evaluate'
import {
  batchArrays,
  createMafProgram,
  createQuantizedProgram,
  loadCheckpoint,
  type MafInputs,
  tag,
} from '@mafjs/ner-maf'
import { timed } from '../timing'

/** A model and what it is scored on. */
export interface ScoredModel {
  model: string
  data: string
  images?: string | undefined
}

/** Posts with pictures that ranges are taken from. */
const CALIBRATION = 32
const THREADS = 1
const TYPES = { '7 bits': 'int7', u8u8: 'uint8', '8 bits (exact)': 'int8' } as const satisfies Record<
  string,
  WeightType
>

/** Scores a checkpoint in float32 and in int8 with weights of every type on the validation split. */
async function scoreModel({ model: folder, data, images }: ScoredModel): Promise<string[][]> {
  const engine = await useEngine({ engine: 'onnx', threads: THREADS })
  const checkpoint = await loadCheckpoint(folder)
  const { model, tokenizer } = checkpoint
  const { splitter, pictureSize, windowOverlap, ...rest } = checkpoint.config.preprocessing
  const dataset = await readDataset({
    data,
    images,
    splitter,
    required: ['train', 'valid'],
  })
  const { examples } = dataset.valid!
  const pictures =
    pictureSize !== undefined && images !== undefined
      ? openPictures({ images, preparation: preparationOf({ pictureSize, ...rest }) })
      : undefined
  const predict = async (
    program: Program<MafInputs>,
  ): Promise<{ f1: number; labels: string[]; seconds: number }> => {
    let predicted: string[][] = []
    const { cores } = await timed(async () => {
      const tagged = await tag(examples, { model, program, tokenizer, pictures, windowOverlap })
      predicted = tagged.map(({ labels }) => labels)
    })
    await program.dispose()
    const { f1 } = evaluateLabels({ gold: examples.map(({ labels }) => labels!), predicted }).strict.micro
    return { f1, labels: predicted.flat(), seconds: cores / 1000 }
  }
  const withPicture = dataset.train!.examples.filter(({ image }) => image !== undefined)
  const { padTo, textEncoder } = model.config
  const batches = async (posts: readonly Post[]) =>
    batchArrays(
      model.config,
      collate(posts, { tokenizer, padTo, ...(textEncoder.wordShapes && { wordShape }) }),
      await pictures!.load(posts),
    )
  const calibration = pictures ? [await batches(withPicture.slice(0, CALIBRATION))] : undefined

  const float = await predict(createMafProgram(model, engine))
  const rows = [[basename(folder), 'fp32', percent(float.f1), '', `${float.seconds.toFixed(1)} s`]]
  for (const [name, weights] of Object.entries(TYPES)) {
    const program = await createQuantizedProgram(model, {
      ...{ pictureSize, weights, session: { threads: THREADS } },
      calibration,
    })
    const { f1, labels, seconds } = await predict(program)
    const same = labels.filter((label, i) => label === float.labels[i]).length / labels.length
    const took = `${(seconds / float.seconds).toFixed(2)} of it`
    rows.push(['', name, percent(f1), `${percent(same)} %`, took])
  }
  model.dispose()
  return rows
}

/** F1 of models in int8, as a table. */
export async function models(list: readonly ScoredModel[]): Promise<string> {
  const rows: string[][] = []
  for (const one of list) rows.push(...(await scoreModel(one)))
  return markdownTable(['model', 'weights', 'F1 (strict), %', 'same labels', 'processor time'], rows)
}
