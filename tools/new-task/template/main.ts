import { fileURLToPath } from 'node:url'
import { useEngine } from '@mafjs/compile/engine'
import { createGatedFusion } from '@mafjs/fuse'
import { createCrossAttention } from '@mafjs/interact'
import { chooseExchanges, createMatching, type Partners } from '@mafjs/match'
import { type Encoding, presence, uniform } from '@mafjs/tensor'
import { composeModule, createLinear, maskedMean } from '@mafjs/tensor/compose'
import { defineClassifier, evaluate, fit, openRun, padEncoding, printEvents } from '@mafjs/train'

/** Numbers of a vector, on both sides. */
const SIZE = 4

/** What is learned from: vectors of a text and of an image one after another, as some encoders made them, and the class. */
export interface Row {
  text: Float32Array
  image: Float32Array
  label?: 'up' | 'down' | undefined
}

/** Rows to begin with: three and four vectors, whose sum is up or down. Read your own here. */
export const drawRows = (count: number, seed: number): Row[] =>
  Array.from({ length: count }, (_, step) => {
    const numbers = uniform(7 * SIZE, { seed, step, site: 'row' }).map(x => 2 * x - 1)
    const label = numbers.reduce((sum, x) => sum + x, 0) > 0 ? 'up' : 'down'
    return { text: numbers.subarray(0, 3 * SIZE), image: numbers.subarray(3 * SIZE), label }
  })

interface Inputs {
  text: Encoding
  image: Encoding
  partners: Partners | undefined
}

/** The task: which modules there are, what they are wired to, and how rows become arrays. */
export function createTask(seed = 0) {
  const model = composeModule(
    {
      interact: createCrossAttention({ hidden: SIZE, imageSize: SIZE, heads: 1, seed }),
      match: createMatching({ hidden: SIZE, seed }),
      fuse: createGatedFusion({ hidden: SIZE, seed }),
      head: createLinear({ inFeatures: 2 * SIZE, outFeatures: 2, seed }),
    },
    ({ interact, match, fuse, head }, { text, image, partners }: Inputs, options) => {
      const { states } = interact.apply({ text, image }, options) // [batch, text's positions, SIZE]
      const matching = match.apply({ text, states, present: presence(image.mask), partners }, options)
      const fused = fuse.apply({ text, states: matching.states }, options) // [batch, text's positions, 2 * SIZE]
      const logits = head.apply(maskedMean(fused.states, text.mask)) // [batch, classes]
      return { logits, losses: { matching: matching.loss } }
    },
  )
  return defineClassifier({
    model,
    classes: ['down', 'up'],
    classOf: ({ label }: Row) => label,
    collate: (rows, run) => ({
      text: padEncoding(
        rows.map(({ text }) => text),
        { size: SIZE },
      ),
      image: padEncoding(
        rows.map(({ image }) => image),
        { size: SIZE },
      ),
      // In training some rows see another's image, from which match learns what does not belong together.
      partners: run && chooseExchanges({ ids: [...rows.keys()], ...run }),
    }),
  })
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const rows = drawRows(600, 1)
  const [train, valid, test] = [rows.slice(0, 400), rows.slice(400, 500), rows.slice(500)]
  const [engine, task] = [await useEngine(), createTask()]
  const settings = { epochs: 30, patience: 10, batchSize: 16, learningRate: 0.03 }
  const run = await openRun('runs/template-name', { resume: true })
  await fit(task, { engine, train, valid, settings, run, onEvent: printEvents() })
  console.log(await evaluate(task, test, { engine }))
}
