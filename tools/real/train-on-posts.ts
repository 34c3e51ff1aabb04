import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Engine, givenTensors } from '@mafjs/compile/engine'
import { collate, labelIds, type Post, readDataset, typesOf, windowRows } from '@mafjs/data'
import { openPictures } from '@mafjs/data/features'
import { parseVocab, preparationOf, tokenizerFromVocab, type WordTokenizer } from '@mafjs/encoders'
import { type EvaluationReport, evaluateLabels } from '@mafjs/evaluate'
import { exchangesOf } from '@mafjs/match'
import {
  batchArrays,
  buildMaf,
  createMafProgram,
  defaultConfig,
  type Maf,
  type MafInputs,
  nerTask,
  type PictureReader,
  saveCheckpoint,
  tag,
} from '@mafjs/ner-maf'
import { fit, takeSnapshot } from '@mafjs/train'
import * as tf from '@tensorflow/tfjs-core'
import { type Computer, once } from '../engine/computer'
import { largestValue } from '../golden/comparison'
import { runNerMaf } from '../processes'

const HIDDEN = 64
const PICTURE = preparationOf({ pictureSize: 112 })
const LEAST_F1 = 0.95
const SETTINGS = { epochs: 40, batchSize: 8, learningRate: 2e-3, warmup: 0.1, seed: 37 }

function build(types: string[], { vocabSize, maxLength }: WordTokenizer, withPictures: boolean): Maf {
  const shape = { hidden: HIDDEN, layers: 2, heads: 4, intermediate: 2 * HIDDEN, maxPositions: maxLength }
  const patches = { kind: 'patches', imageSize: PICTURE.size, patchSize: 16, channels: HIDDEN } as const
  const textEncoder = { kind: 'bert', vocabSize, ...shape } as const
  const pictures = withPictures && { imageEncoder: patches, imageSize: HIDDEN }
  return buildMaf(defaultConfig({ types, textEncoder, ...pictures }))
}

const describe = (name: string, { strict, lenient }: EvaluationReport): string =>
  `${name}: span F1 ${strict.micro.f1.toFixed(3)} strict, ${lenient.micro.f1.toFixed(3)} lenient`

/** Below this, a gradient is the rounding of one that is zero by the mathematics. */
const ROUNDING = 1e-6

const KEY_BIAS = 'adds the same to every score of a query, which the softmax takes out'

/** The parameters of the four modules by their largest gradient in one step: none, rounding only, or real. */
async function listGradients(
  model: Maf,
  computer: Computer,
  tokenizer: WordTokenizer,
  examples: readonly Post[],
  reader: PictureReader,
): Promise<string[]> {
  const batch = collate(examples, { tokenizer, scheme: labelIds(model.config) })
  const pictures = await reader.load(examples)
  const { inputs, made } = givenTensors<MafInputs>(batchArrays(model.config, batch, pictures))
  const rule = model.config.matching!.exchange
  const exchanges = exchangesOf(rule, batch.pictureIds, pictures.present, { seed: 1, step: 0 })
  const program = computer.gradients(
    (given: MafInputs, options) => ({ ...model.apply({ ...given, exchanges }, options).losses! }),
    model.parameters(),
  )
  const { gradients } = await once(program, inputs)
  const names = Object.keys(model.parameters()).filter(name =>
    /^(alignment|interaction|matching|fusion)\./.test(name),
  )
  const largest = (name: string): number | undefined =>
    gradients[name] && largestValue(gradients[name].values)
  const none = names.filter(name => gradients[name] === undefined)
  const rounding = names.filter(name => (largest(name) ?? 1) < ROUNDING)
  const unexplained = rounding.filter(name => !name.endsWith('.attention.self.key.bias'))
  console.log(
    `${names.length} parameters of align, interact, match and fuse; without a gradient: ${none.join(', ') || 'none'}`,
  )
  for (const name of rounding) {
    console.log(`  zero by the mathematics: ${name}${unexplained.includes(name) ? '' : ` (${KEY_BIAS})`}`)
  }
  tf.dispose(made)
  return [
    ...none.map(name => `${name} received no gradient`),
    ...unexplained.map(name => `${name} received only rounding as its gradient`),
  ]
}

/** Trains on 38 posts with their pictures until they are learned by heart, then predicts one from the command line. */
export async function trainOnPosts({
  shared,
  work,
  engine,
  computer,
}: {
  shared: string
  work: string
  engine: Engine
  computer: Computer
}): Promise<string[]> {
  const folder = join(shared, 'data/twitter-mner-38')
  const images = join(folder, 'images')
  const datasets = await Promise.all(
    ['twitter2015', 'twitter2017'].map(name =>
      readDataset({ data: join(folder, name), images, onBrokenPicture: 'stop' }),
    ),
  )
  const posts = datasets.flatMap(dataset => Object.values(dataset).flatMap(({ examples }) => examples))
  const types = typesOf(posts)
  const vocab = parseVocab(await readFile(join(shared, 'models/vocab/bert-base-cased-vocab.txt'), 'utf8'))
  const tokenizer = tokenizerFromVocab(vocab, { lowercase: false, maxLength: 96 })
  const store = openPictures({ images, preparation: PICTURE, onBrokenPicture: 'stop', fill: true })
  const score = async (model: Maf, pictures?: PictureReader): Promise<EvaluationReport> => {
    const program = createMafProgram(model, engine)
    const tagged = await tag(posts, { model, program, tokenizer, pictures })
    await program.dispose()
    const predicted = tagged.map(({ labels }) => labels)
    return evaluateLabels({ gold: posts.map(({ labels }) => labels!), predicted })
  }
  // Each post is given the picture of the next.
  const swapped: PictureReader = {
    load: shown => store.load(shown.map(post => posts[(posts.indexOf(post as Post) + 1) % posts.length]!)),
  }

  console.log(`\n${posts.length} tweets with their pictures, learned by heart (${SETTINGS.epochs} epochs)`)
  const model = build(types, tokenizer, true)
  const rows = windowRows(posts, { config: model.config, tokenizer })
  const task = nerTask(model, { tokenizer, pictures: store, train: rows })
  const { withoutGradient } = await fit(task, {
    ...{ engine, train: rows, settings: SETTINGS },
    onEvent: event => {
      if (event.type !== 'epoch' || event.epoch % 10 !== 0) return
      const { epoch, losses, seconds } = event
      console.log(`  epoch ${epoch}: loss ${losses.total.toFixed(3)}, ${seconds.toFixed(1)} s`)
    },
  })
  const maf = await score(model, store)
  console.log(describe('MAF', maf))
  console.log(describe('MAF with swapped pictures', await score(model, swapped)))
  const problems = withoutGradient.map(name => `${name} received no gradient in the whole run`)
  problems.push(...(await listGradients(model, computer, tokenizer, posts.slice(0, 16), store)))
  if (!(maf.strict.micro.f1 >= LEAST_F1))
    problems.push(`MAF's span F1 on its own 38 posts is below ${LEAST_F1}`)

  const textOnly = build(types, tokenizer, false)
  await fit(nerTask(textOnly, { tokenizer, train: rows }), { engine, train: rows, settings: SETTINGS })
  console.log(describe('text only', await score(textOnly)))
  textOnly.dispose()

  const out = join(work, 'maf-38')
  await saveCheckpoint(out, {
    model: model.config,
    preprocessing: {
      splitter: 'whitespace',
      maxLength: tokenizer.maxLength,
      pictureSize: PICTURE.size,
      pictureResize: PICTURE.resize,
    },
    tokenizer: tokenizer.definition,
    snapshot: await takeSnapshot(model.parameters()),
  })
  model.dispose()
  const post = posts.find(({ labels, image }) => image && labels!.some(label => label !== 'O'))!
  console.log('\nner-maf predict on one of them and its picture:')
  await runNerMaf('predict', {
    ...{ model: out, text: post.words.join(' '), image: join(images, post.image!), engine: engine.name },
  })
  return problems
}
