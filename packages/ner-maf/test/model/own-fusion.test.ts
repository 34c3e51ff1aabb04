import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { useBackend } from '@mafjs/compile/engine'
import { createParameters, disposeParameters, linear, linearSpecs } from '@mafjs/tensor'
import { takeSnapshot } from '@mafjs/train'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, expect, test } from 'vitest'
import { loadCheckpoint } from '../../src/checkpoint/load-checkpoint'
import { saveCheckpoint } from '../../src/checkpoint/save-checkpoint'
import { type BuildMafOptions, buildMaf } from '../../src/model/build-maf'
import type { MafConfig } from '../../src/model/config'
import type { CreateFusion } from '../../src/model/own-fusion'
import { loadMaf } from '../../src/predict/load-maf'
import { folderWith } from '../data/files'
import { inputsOf, numbers, POSTS, tinyMaf, tinyText, tokenizer } from './tiny'

beforeAll(() => useBackend('cpu'))

/** The states side by side, as the package's own `concat` has it. */
const besides: CreateFusion = config => ({
  config,
  apply: ({ text, states }) => ({ states: tf.concat([text.states, states], 2) as tf.Tensor3D }),
  parameters: () => ({}),
  dispose: () => {},
})

/** `T + s W C'`: as many channels as the text has, with a parameter and an option of its own. */
const sum: CreateFusion = config => {
  const { hidden, strength = 1 } = config as { hidden: number; strength?: number }
  const parameters = createParameters(linearSpecs('image', hidden, hidden), 5)
  return {
    config,
    apply: ({ text, states }) => ({
      states: tf.add(
        text.states,
        tf.mul(strength, linear(states, parameters['image.weight'])),
      ) as tf.Tensor3D,
    }),
    parameters: () => ({ ...parameters }),
    dispose: () => disposeParameters(parameters),
  }
}
const withFusion = (fusion: object): MafConfig => ({ ...tinyMaf(), fusion: fusion as MafConfig['fusion'] })
const SUM = withFusion({ kind: 'own', hidden: 8, size: 8, strength: 3 })

const emissionsOf = async (
  config: MafConfig,
  options?: BuildMafOptions,
  posts = POSTS,
): Promise<number[]> => {
  const model = buildMaf(config, options)
  const emissions = numbers(model.apply(await inputsOf(config, posts)).emissions)
  model.dispose()
  return emissions
}

test('a model computes with a fusion module of its own what it computes with the same one of the package', async () => {
  const expected = await emissionsOf(withFusion({ kind: 'concat', hidden: 8 }))
  const own = withFusion({ kind: 'own', hidden: 8 })
  expect(await emissionsOf(own, { createFusion: besides })).toEqual(expected)
})

test('the module is given its configuration, and may give states of another size', async () => {
  const model = buildMaf(SUM, { createFusion: sum })
  expect(model.parts.fusion!.config).toEqual(SUM.fusion)
  const shapes = Object.fromEntries(
    Object.entries(model.parameters()).map(([name, { shape }]) => [name, shape]),
  )
  expect(shapes).toMatchObject({ 'classifier.weight': [7, 8], 'fusion.image.weight': [8, 8] })
  const { interaction, matching, fusion, text } = model.apply(await inputsOf(SUM))
  const weight = model.parameters()['fusion.image.weight'] as unknown as tf.Tensor2D
  expect(interaction).toBeDefined()
  const expected = tf.add(text.states, tf.mul(3, linear(matching!.states, weight)))
  expect(numbers(fusion!.states)).toEqual(numbers(expected))
  const weak = withFusion({ kind: 'own', hidden: 8, size: 8, strength: 0 })
  expect(await emissionsOf(weak, { createFusion: sum })).not.toEqual(
    await emissionsOf(SUM, { createFusion: sum }),
  )
  model.dispose()
})

test('without any picture it is given zeros, as where every picture is absent', async () => {
  const model = buildMaf(SUM, { createFusion: sum })
  const { image: _, ...words } = await inputsOf(SUM)
  const absent = POSTS.map(({ image: _, ...post }) => post)
  const expected = numbers(model.apply(await inputsOf(SUM, absent)).emissions)
  expect(numbers(model.apply(words).emissions)).toEqual(expected)
})

test('its gradient reaches its parameters', async () => {
  const model = buildMaf(SUM, { createFusion: sum })
  const inputs = await inputsOf(SUM)
  const variable = model.parameters()['fusion.image.weight']!
  const { grads } = tf.variableGrads(() => model.apply(inputs).losses!.total, [variable])
  expect(Math.max(...numbers(grads[variable.name]!).map(Math.abs))).toBeGreaterThan(0)
})

test('a trained model says what it needs, and is loaded with it', async () => {
  const folder = join(await folderWith(), 'model')
  const model = buildMaf(SUM, { createFusion: sum })
  await saveCheckpoint(folder, {
    model: SUM,
    preprocessing: { splitter: 'tweet', maxLength: 16, pictureSize: 4, pictureResize: 4 },
    tokenizer: tokenizer.definition,
    snapshot: await takeSnapshot(model.parameters()),
  })
  const needed = /createFusion must be given.*"strength":3.*loadMaf\(folder, \{ createFusion \}\)/
  await expect(loadCheckpoint(folder)).rejects.toThrow(needed)
  await expect(loadMaf(folder, { engine: 'tfjs', backend: 'cpu' })).rejects.toThrow(needed)
  const loaded = await loadCheckpoint(folder, { createFusion: sum })
  expect(loaded.extra).toEqual([])
  const inputs = await inputsOf(SUM)
  expect(numbers(loaded.model.apply(inputs).emissions)).toEqual(numbers(model.apply(inputs).emissions))
  const annotator = await loadMaf(folder, { engine: 'tfjs', backend: 'cpu', createFusion: sum })
  expect((await annotator.annotate({ text: 'Rob loves Paris' })).cutWords).toBe(0)
  await annotator.dispose()

  // Whoever brings another module than the one that was trained is told.
  await expect(loadCheckpoint(folder, { createFusion: besides })).resolves.toMatchObject({
    extra: ['fusion.image.weight', 'fusion.image.bias'],
  })
  const file = join(folder, 'config.json')
  const config = JSON.parse(await readFile(file, 'utf8'))
  await writeFile(file, JSON.stringify({ ...config, model: tinyMaf() }))
  await expect(loadCheckpoint(folder, { createFusion: sum })).rejects.toThrow(/createFusion must be left out/)
})

test('what does not go together is refused by name', async () => {
  expect(() => buildMaf(SUM)).toThrow(
    /createFusion must be given: the fusion module is not one of this package/,
  )
  expect(() => buildMaf(tinyMaf(), { createFusion: sum })).toThrow(
    /createFusion must be left out where config.fusion.kind is not 'own'/,
  )
  expect(() => buildMaf(tinyText(), { createFusion: sum })).toThrow(/Received: a factory, for "no fusion"/)
  expect(() => buildMaf(withFusion({ kind: 'own', hidden: 8, size: 0 }), { createFusion: sum })).toThrow(
    'config.fusion.size must be a positive whole number. Received: 0.',
  )
  expect(() => buildMaf(withFusion({ kind: 'own', hidden: 9 }), { createFusion: sum })).toThrow(
    'config.fusion.hidden must equal textEncoder.hidden (8). Received: 9.',
  )
  const model = buildMaf(withFusion({ kind: 'own', hidden: 8 }), { createFusion: sum })
  const inputs = await inputsOf(tinyMaf())
  expect(() => model.apply(inputs)).toThrow(
    /fusion.states must have shape \[4, \d+, 16\]. Received: \[4, \d+, 8\]/,
  )
})
