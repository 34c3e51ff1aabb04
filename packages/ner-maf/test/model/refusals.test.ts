import { useBackend } from '@mafjs/compile/engine'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { buildMaf } from '../../src/model/build-maf'
import type { MafConfig } from '../../src/model/config'
import type { MafInputs } from '../../src/model/maf'
import { inputsOf, tinyMaf } from './tiny'

beforeAll(() => useBackend('cpu'))

describe('a model is not built with', () => {
  const maf = tinyMaf()
  it.each<[string, Partial<MafConfig>, string]>([
    [
      'an unknown exchange',
      { exchange: 'nothing' as never },
      "config.exchange must be 'states' or 'pictures'",
    ],
    ['unknown steps', { steps: 'letters' as never }, "config.steps must be 'words' or 'pieces'"],
    ['an unknown padding', { padTo: 0 }, "config.padTo must be 'longest' or a positive whole number"],
    ['a loss weight', { lossWeight: Number.NaN }, 'config.lossWeight must be in [0, 1]. Received: NaN'],
    ['a dropout', { dropout: 1 }, 'config.dropout must be in [0, 1). Received: 1'],
    ['fusion alone', { interaction: undefined }, 'config.fusion must be given together with interaction'],
    [
      'matching alone',
      { interaction: undefined, fusion: undefined },
      'config.interaction must be given for alignment and matching',
    ],
    [
      'another size',
      { fusion: { hidden: 9 } },
      'config.fusion.hidden must equal textEncoder.hidden (8). Received: 9',
    ],
    [
      'another image size',
      { alignment: { ...maf.alignment!, imageSize: 5 } },
      'config.alignment.imageSize must equal interaction.imageSize (6). Received: 5',
    ],
  ])('%s', (_, change, message) => {
    expect(() => buildMaf({ ...maf, ...change })).toThrow(message)
  })

  it('an ablation it does not know', () => {
    expect(() => tinyMaf({ without: ['fusion' as never] })).toThrow(
      'without must name modules of alignment, matching, interaction, gate. Received: fusion.',
    )
  })

  it('and not applied to what it cannot read', async () => {
    const model = buildMaf({ ...maf, imageEncoder: undefined })
    const inputs = await inputsOf(maf)
    const { text, firstPieces } = inputs
    const image = {
      states: tf.zeros<tf.Rank.R3>([4, 2, 5]),
      summary: tf.zeros<tf.Rank.R2>([4, 5]),
      mask: tf.ones<tf.Rank.R2>([4, 2]),
    }
    const refused: [Partial<MafInputs>, string][] = [
      [{}, 'inputs.image must be an encoding, since the model has no image encoder. Received: pixels.'],
      [{ image }, 'inputs.image.states must have shape [batch=4, regions, 6]. Received: [4, 2, 5].'],
      [{ text: { ...text, mask: tf.zeros([4, 3]) } }, 'inputs.text.mask must have shape [batch=4, tokens=9]'],
      [{ wordMask: undefined }, 'inputs.wordMask must be a tensor of shape [batch, words]'],
      [{ firstPieces: tf.slice(firstPieces!, [0, 0, 0], [4, 6, 3]) }, 'inputs.firstPieces must have shape'],
      [{ labels: tf.zeros([4, 9], 'int32') }, 'inputs.labels must have shape [batch=4, words=6]'],
    ]
    for (const [change, message] of refused) {
      expect(() => model.apply({ ...inputs, ...change })).toThrow(message)
    }
  })
})
