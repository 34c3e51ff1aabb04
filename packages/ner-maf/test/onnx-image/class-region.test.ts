import { join } from 'node:path'
import { useBackend } from '@mafjs/compile/engine'
import { collate } from '@mafjs/data'
import { loadPicture, preparationOf } from '@mafjs/encoders'
import { uniform } from '@mafjs/tensor'
import * as tf from '@tensorflow/tfjs-core'
import { expect, test } from 'vitest'
import { loadCheckpoint } from '../../src/checkpoint/load-checkpoint'
import { loadMaf } from '../../src/predict/load-maf'
import { trainRun } from '../../src/train/train-run'
import { batchTensors } from '../model/batch-tensors'
import { writeTask } from '../train/run-files'
import { writeOnnx } from './write-onnx'

/** As a vision transformer has it: a class state, then 3 x 3 regions of 5 channels. */
function classAndRegions(pixels: tf.Tensor4D): tf.Tensor3D {
  const drawn = uniform(4 * 4 * 3 * 5, { seed: 3, site: 'filter' }).map(value => value - 0.5)
  const map = tf.conv2d(pixels, tf.tensor4d(drawn, [4, 4, 3, 5]), 4, 'valid')
  const regions = tf.reshape(map, [-1, 9, 5])
  return tf.concat([tf.mul(tf.mean(regions, 1, true), 2), regions], 1) as tf.Tensor3D
}

test('the class state of an ONNX image model is no place: its weight is left out, and a note says so', async () => {
  const { data, images, textEncoder, folder, out, corpus } = await writeTask({ train: 8, valid: 2, test: 2 })
  const imageEncoder = await writeOnnx(pixels => ({ states: classAndRegions(pixels) }), 12, folder)
  const one = { engine: 'onnx', threads: 1 } as const
  const quick = { randomTextEncoder: true, epochs: 1, batchSize: 4, learningRate: 1e-2, maxLength: 64 }
  await trainRun({ ...quick, ...one, data, images, textEncoder, imageEncoder, regionsOutput: 'states', out })
  const { words, image } = corpus.train.find(post => post.image)!
  const picture = join(images, image!)
  const maf = await loadMaf(out, one)
  const said = await maf.explain(
    { text: words.join(' '), tokens: words, image: picture },
    { occlusion: true },
  )
  await maf.dispose()
  expect(said.notes.join(' ')).toMatch(/One region of each picture is no place in it and is left out/)
  expect(said.pictures).toMatchObject([{ rows: 3, columns: 3 }])
  expect(said.words[0]!.occlusion).toHaveLength(9)

  // Beside it all weights, as the model computes them on states that were not encoded by ONNX Runtime.
  await useBackend('cpu')
  const { model, tokenizer, config } = await loadCheckpoint(out)
  const { pixels } = await loadPicture(picture, preparationOf({ pictureSize: 12, ...config.preprocessing }))
  const states = classAndRegions(tf.tensor4d(pixels, [1, 12, 12, 3]))
  const post = { id: '', words, source: { file: '', line: 1 } }
  const inputs = batchTensors(model.config, collate([post], { tokenizer }))
  const seen = { states, summary: tf.mean(states, 1) as tf.Tensor2D, mask: tf.ones([1, 10]) as tf.Tensor2D }
  const { interaction } = model.apply({ ...inputs, image: seen }, { attention: true })
  const weights = interaction!.attention!.arraySync()[0]!
  const { firstPieces } = tokenizer.encodeWords(words)
  for (const [word, token] of firstPieces.entries()) {
    const { mean, heads } = said.words[word]!.attention!
    expect(heads).toHaveLength(weights.length)
    for (const [head, list] of heads.entries()) {
      const [classWeight, ...places] = weights[head]![token]!
      expect(list).toHaveLength(9)
      for (const [region, weight] of list.entries()) expect(weight).toBeCloseTo(places[region]!, 4)
      expect(list.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1 - classWeight!, 4)
      // A class state that nobody looks at would tell nothing.
      expect(classWeight).toBeGreaterThan(0.001)
    }
    expect(mean).toHaveLength(9)
  }
  model.dispose()
})
