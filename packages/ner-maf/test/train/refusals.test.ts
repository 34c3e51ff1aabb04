import { useBackend } from '@mafjs/compile/engine'
import type { TrainingSettings } from '@mafjs/train'
import { beforeAll, describe, expect, it } from 'vitest'
import { POSTS, post, tinyText } from '../model/tiny'
import type { FitMafInputs } from './fit-maf'
import { train } from './train-tiny'

describe('trainMaf refuses before any work', () => {
  beforeAll(() => useBackend('cpu'))

  const refusal = async (inputs: Partial<FitMafInputs>): Promise<string> => {
    const events: unknown[] = []
    const error = await train(
      tinyText(),
      { ...inputs, onEvent: event => events.push(event) },
      () => undefined,
    ).catch((error: Error) => error)
    expect(events).toEqual([])
    expect(error).toHaveProperty('name', 'InvalidArgumentError')
    return error!.message
  }

  it.each<[Partial<TrainingSettings>, string]>([
    [{ epochs: 0 }, 'epochs must be a positive whole number. Received: 0.'],
    [{ batchSize: 0 }, 'batchSize must be a positive whole number. Received: 0.'],
    [{ batchSize: 2.5 }, 'batchSize must be a positive whole number. Received: 2.5.'],
    [{ learningRate: Number.NaN }, 'learningRate must be a positive finite number. Received: NaN.'],
    [
      { learningRate: Number.POSITIVE_INFINITY },
      'learningRate must be a positive finite number. Received: Infinity.',
    ],
    [{ warmup: 1.1 }, 'warmup must be in [0, 1]. Received: 1.1.'],
    [{ weightDecay: -1 }, 'weightDecay must be a finite number, 0 or more. Received: -1.'],
    [{ clip: 0 }, 'clip must be a positive finite number. Received: 0.'],
    [{ seed: -1 }, 'seed must be a whole number, 0 or more. Received: -1.'],
    [{ optimizer: 'sgd' as never }, "optimizer must be 'adamw' or 'published'. Received: sgd."],
  ])('the settings %j', async (settings, message) => {
    expect(await refusal({ settings })).toBe(message)
  })

  it.each<[string, Partial<FitMafInputs>, string]>([
    ['no posts', { train: [] }, 'train must hold at least one post. Received: an empty split.'],
    ['no posts to choose by', { valid: [] }, 'valid must hold at least one post. Received: an empty split.'],
    [
      'a label the model does not know',
      { train: [...POSTS, post('rob loves ann', 'B-PER O B-PET')] },
      'tiny.txt:1 must have labels the model knows: O, B-LOC, I-LOC, B-ORG, I-ORG, B-PER, I-PER. ' +
        'Received: B-PET at "ann", word 3 of post "rob loves ann".',
    ],
    [
      'too few labels',
      { train: [post('rob loves ann', 'B-PER O')] },
      'tiny.txt:1 must have one label for every word. Received: 2 labels for the 3 words of post "rob loves ann".',
    ],
    [
      'a post without labels',
      { valid: [{ ...POSTS[0]!, labels: undefined }] },
      'tiny.txt:1 must have labels to be trained on or scored.',
    ],
  ])('%s', async (_, inputs, message) => {
    expect(await refusal(inputs)).toContain(message)
  })
})
