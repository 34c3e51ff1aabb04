import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createAlignment } from '@mafjs/align'
import { useBackend } from '@mafjs/compile/engine'
import { createConcatFusion } from '@mafjs/fuse'
import { createCrossAttention } from '@mafjs/interact'
import { createMatching } from '@mafjs/match'
import { takeSnapshot } from '@mafjs/train'
import { beforeAll, expect, test } from 'vitest'
import { loadCheckpoint } from '../../src/checkpoint/load-checkpoint'
import { saveCheckpoint } from '../../src/checkpoint/save-checkpoint'
import { type BuildMafOptions, buildMaf } from '../../src/model/build-maf'
import type { MafConfig } from '../../src/model/config'
import type { OwnParts } from '../../src/model/own-parts'
import { loadMaf } from '../../src/predict/load-maf'
import { folderWith } from '../data/files'
import { fitMaf } from '../train/fit-maf'
import { OWN } from './own-modules'
import { inputsOf, numbers, POSTS, pictures, tinyMaf, tinyText, tokenizer } from './tiny'

beforeAll(() => useBackend('cpu'))
const ENGINE = { name: 'tfjs', backend: 'cpu' } as const

type Field = 'alignment' | 'interaction' | 'matching' | 'fusion'
const FIELDS = { align: 'alignment', interact: 'interaction', match: 'matching', fuse: 'fusion' } as const

/** The tiny model with a module of one's own in the place of one of its. */
function withOwn(field: Field, options: object = {}): MafConfig {
  const config = tinyMaf()
  const size = field === 'interaction' ? { imageSize: config.interaction!.imageSize } : {}
  return { ...config, [field]: { kind: 'own', ...size, ...options } }
}

async function emissionsOf(config: MafConfig, options?: BuildMafOptions, posts = POSTS): Promise<number[]> {
  const model = buildMaf(config, options)
  const emissions = numbers(model.apply(await inputsOf(config, posts)).emissions)
  model.dispose()
  return emissions
}

test('a model computes with modules that are given what it computes with the same ones of its own', async () => {
  const config = { ...tinyMaf(), fusion: { kind: 'concat', hidden: 8 } } as MafConfig
  const { alignment, interaction, matching } = config
  const parts: OwnParts = {
    align: ({ hidden, imageSize, seed, temperature }) =>
      createAlignment({ textSize: hidden, hidden, imageSize, seed, temperature: temperature as number }),
    interact: sizes => createCrossAttention({ ...sizes, heads: 2, ...interaction }),
    match: ({ hidden, seed }) => createMatching({ ...matching, hidden, seed }),
    fuse: ({ hidden }) => createConcatFusion({ hidden }),
  }
  const own = {
    ...config,
    alignment: { kind: 'own', temperature: (alignment as { temperature: number }).temperature },
    interaction: { kind: 'own', imageSize: 6 },
    matching: { kind: 'own' },
    fusion: { kind: 'own' },
  } as const
  const [expected, model] = [buildMaf(config), buildMaf(own, { parts })]
  const inputs = await inputsOf(config)
  const partners = Int32Array.of(3, 1, 2, 0)
  const [a, b] = [expected, model].map(one => one.apply({ ...inputs, exchanges: { partners } }))
  expect(numbers(b!.emissions)).toEqual(numbers(a!.emissions))
  expect(Object.values(b!.losses!).map(numbers)).toEqual(Object.values(a!.losses!).map(numbers))
  expect(numbers(a!.losses!.matching)[0]).toBeGreaterThan(0)
  for (const one of [expected, model]) one.dispose()
})

test.each(Object.entries(FIELDS) as [keyof OwnParts, Field][])(
  '%s: one of your own is trained, saved, and loaded by the function that made it alone',
  async (part, field) => {
    const config = withOwn(field, { strength: 3 })
    const parts: OwnParts = { [part]: OWN[part] }
    const folder = join(await folderWith(), 'model')
    const model = buildMaf(config, { parts })
    const own = Object.keys(model.parameters()).filter(name => name.startsWith(`${field}.`))
    expect(own).toHaveLength(2)
    const weight = model.parameters()[own[0]!]!
    const before = numbers(weight)
    const settings = { epochs: 1, batchSize: 4, learningRate: 1e-2 }
    const { withoutGradient } = await fitMaf({
      model,
      tokenizer,
      pictures,
      train: POSTS,
      settings,
      engine: ENGINE,
    })
    expect(numbers(weight)).not.toEqual(before)
    expect(withoutGradient).toEqual([])

    await saveCheckpoint(folder, {
      model: config,
      preprocessing: { splitter: 'tweet', maxLength: 16, pictureSize: 4, pictureResize: 4 },
      tokenizer: tokenizer.definition,
      snapshot: await takeSnapshot(model.parameters()),
    })
    const needed = new RegExp(
      `parts\\.${part} must be given.*"strength":3.*loadMaf\\(model, { parts: { ${part} } }\\)`,
    )
    await expect(loadCheckpoint(folder)).rejects.toThrow(needed)
    await expect(loadMaf(folder, { engine: 'tfjs', backend: 'cpu' })).rejects.toThrow(needed)
    const loaded = await loadCheckpoint(folder, { parts })
    expect(loaded.extra).toEqual([])
    const inputs = await inputsOf(config)
    expect(numbers(loaded.model.apply(inputs).emissions)).toEqual(numbers(model.apply(inputs).emissions))
    const annotator = await loadMaf(folder, { engine: 'tfjs', backend: 'cpu', parts })
    expect((await annotator.annotate({ text: 'Rob loves Paris' })).cutWords).toBe(0)
    await annotator.dispose()

    // Its configuration is given to it; alignment says nothing of what is tagged.
    if (field !== 'alignment') {
      const weak = withOwn(field, { strength: 0.1 })
      expect(await emissionsOf(weak, { parts })).not.toEqual(await emissionsOf(config, { parts }))
    }
    // A model without it takes none.
    const file = join(folder, 'config.json')
    await writeFile(file, JSON.stringify({ ...JSON.parse(await readFile(file, 'utf8')), model: tinyMaf() }))
    await expect(loadCheckpoint(folder, { parts })).rejects.toThrow(`parts.${part} must be left out`)
  },
)

test('without any picture fusion is given zeros, as where every picture is absent', async () => {
  const config = withOwn('fusion')
  const model = buildMaf(config, { parts: { fuse: OWN.fuse } })
  const { image: _, ...words } = await inputsOf(config)
  const absent = POSTS.map(({ image: _, ...post }) => post)
  const expected = numbers(model.apply(await inputsOf(config, absent)).emissions)
  expect(numbers(model.apply(words).emissions)).toEqual(expected)
  model.dispose()
})

test('whoever brings another module than the one that was trained is told', async () => {
  const folder = join(await folderWith(), 'model')
  const model = buildMaf(withOwn('fusion'), { parts: { fuse: OWN.fuse } })
  await saveCheckpoint(folder, {
    model: model.config,
    preprocessing: { splitter: 'tweet', maxLength: 16, pictureSize: 4, pictureResize: 4 },
    tokenizer: tokenizer.definition,
    snapshot: await takeSnapshot(model.parameters()),
  })
  const fuse: OwnParts['fuse'] = ({ hidden }) => ({ ...createConcatFusion({ hidden }), size: hidden })
  await expect(loadCheckpoint(folder, { parts: { fuse } })).resolves.toMatchObject({
    extra: ['fusion.image.weight', 'fusion.image.bias'],
  })
})

test('what does not go together is refused by name', async () => {
  const { fuse, interact, match } = OWN
  expect(() => buildMaf(tinyText(), { parts: { fuse } })).toThrow(
    /parts.fuse must be left out where config.fusion.kind is not 'own'. Received: a function, for "no fusion"/,
  )
  expect(() => buildMaf(tinyMaf(), { parts: { merge: fuse } as OwnParts })).toThrow(
    'parts must have the names align, interact, match, fuse. Received: merge.',
  )
  expect(() => buildMaf(withOwn('fusion', { hidden: 9 }), { parts: { fuse } })).toThrow(
    'config.fusion.hidden must equal textEncoder.hidden (8). Received: 9.',
  )
  expect(() => buildMaf(withOwn('interaction', { imageSize: 5 }), { parts: { interact } })).toThrow(
    'config.alignment.imageSize must equal interaction.imageSize (5). Received: 6.',
  )
  const inputs = await inputsOf(tinyMaf())
  const refused: [Field, OwnParts, RegExp][] = [
    [
      'fusion',
      { fuse: sizes => ({ ...fuse(sizes), size: 16 }) },
      /fusion.states must have shape \[batch=4, tokens=\d+, 16\]/,
    ],
    [
      'interaction',
      { interact: sizes => interact({ ...sizes, hidden: 9 }) },
      /interaction.states must have shape .*hidden=8\]/,
    ],
    [
      'matching',
      {
        match: sizes => ({
          ...match(sizes),
          apply: given => ({ ...match(sizes).apply(given), loss: given.present as never }),
        }),
      },
      /matching.loss must have shape \[\]. Received: \[4\]/,
    ],
  ]
  for (const [field, parts, text] of refused) {
    const model = buildMaf(withOwn(field), { parts })
    expect(() => model.apply(inputs), field).toThrow(text)
    model.dispose()
  }
})
