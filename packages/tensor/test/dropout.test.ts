import { dropout, dropoutMask, fillDropoutMask, hashString, philox } from '@mafjs/tensor'
import '@tensorflow/tfjs-backend-cpu'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import type { DropoutMaskRequest } from '../src/module'

beforeAll(() => tf.setBackend('cpu'))

/** Whether each value of a mask is dropped, from the plain generator, one block after another. */
function droppedByBlocks(count: number, rate: number, { seed = 0, step = 0, site = '' }): boolean[] {
  const threshold = Math.round(rate * 0x10000)
  const dropped: boolean[] = []
  for (let block = 0; dropped.length < count || block % 4 > 0; block++) {
    const words = philox(
      [block, hashString(site), step, Math.floor(seed / 2 ** 32)],
      [seed % 2 ** 32, 0x4d41462e],
    )
    // Word-major in groups of four blocks.
    const group = Math.floor(block / 4) * 32
    for (const [word, bits] of words.entries()) {
      const at = group + word * 8 + (block % 4) * 2
      dropped[at] = (bits & 0xffff) < threshold
      dropped[at + 1] = bits >>> 16 < threshold
    }
  }
  return dropped.slice(0, count)
}

describe('a mask', () => {
  // More than two calls of the kernel, the last one ending within a group.
  const count = 2 * 16_384 + 45
  it.each([
    { seed: 0, step: 0, site: 'a' },
    { seed: 2 ** 40 + 2 ** 31 + 5, step: 2 ** 31 + 7, site: 'encoder.layer.0.output' },
  ])('is what the generator gives word by word: %o', key => {
    const expected = droppedByBlocks(count, 0.1, key)
    expect([...dropoutMask(count, 0.1, key)]).toEqual(
      expected.map(isDropped => (isDropped ? 0 : Math.fround(1 / 0.9))),
    )
  })

  it('fills exactly what it is given, and a shorter one is the beginning of a longer one', () => {
    const key = { seed: 1, site: 'a' }
    const longest = dropoutMask(100, 0.5, key)
    for (const length of [0, 1, 31, 32, 33]) {
      const memory = new Float32Array(100).fill(-1)
      fillDropoutMask(memory.subarray(10, 10 + length), 0.5, key)
      const expected = new Float32Array(100).fill(-1)
      expected.set(longest.subarray(0, length), 10)
      expect(memory).toEqual(expected)
    }
  })

  it('keeps to its rate up to the ends of its range', () => {
    const shareOf = (rate: number): number => {
      const mask = dropoutMask(400_000, rate, { seed: 3, site: 'share' })
      return mask.filter(value => value === 0).length / mask.length
    }
    for (const rate of [0.1, 0.3, 0.9]) {
      expect(Math.abs(shareOf(rate) - rate)).toBeLessThan(4 * Math.sqrt((rate * (1 - rate)) / 400_000))
    }
    expect(shareOf(0)).toBe(0)
    // A rate that rounds to 1 must not drop everything, nor wrap around to nothing.
    expect(shareOf(1 - 1e-9)).toBeGreaterThan(0.999)
    expect(() => dropoutMask(1, 1, { seed: 0, site: 'a' })).toThrow('rate must be in [0, 1). Received: 1.')
  })
})

describe('where WebAssembly does not run', () => {
  // What a policy and an engine without vectors do, and one without WebAssembly.
  const refusing = {
    Module: class {
      constructor() {
        throw new Error('refused')
      }
    },
  }
  it.each([
    [refusing, 'does not run here (Error: refused). Browsers: Chrome 91'],
    [undefined, 'a Content-Security-Policy must allow it'],
  ])('the error says what is needed', async (platform, message) => {
    vi.resetModules()
    const { dropoutKernel } = await import('../src/dropout-kernel')
    vi.stubGlobal('WebAssembly', platform)
    try {
      expect(() => dropoutKernel()).toThrow(message)
    } finally {
      vi.unstubAllGlobals()
    }
    expect(() => dropoutKernel()).not.toThrow()
  })
})

describe('dropout with masks given', () => {
  const x = tf.tensor2d([
    [1, 2, 3],
    [4, 5, 6],
  ])

  it('asks for each mask once, multiplies by it, and leaves it to its giver', () => {
    const mask = tf.tensor2d([0, 1, 2, 0, 1, 2], [2, 3])
    const requests: DropoutMaskRequest[] = []
    const before = tf.memory().numTensors
    const dropped = dropout(x, 0.25, 'here', {
      training: true,
      seed: 5,
      step: 6,
      dropoutMask: request => {
        requests.push(request)
        return mask
      },
    })
    expect(requests).toEqual([{ shape: [2, 3], rate: 0.25, seed: 5, step: 6, site: 'here' }])
    expect([...dropped.dataSync()]).toEqual([0, 2, 6, 0, 5, 12])
    dropped.dispose()
    expect(tf.memory().numTensors).toBe(before)
    expect(mask.isDisposed).toBe(false)
  })

  it('asks for none where nothing is dropped, and refuses a mask of another shape', () => {
    const refuse = (): never => {
      throw new Error('asked')
    }
    expect(dropout(x, 0.5, 'here', { dropoutMask: refuse })).toBe(x)
    expect(dropout(x, 0, 'here', { training: true, dropoutMask: refuse })).toBe(x)
    expect(() => dropout(x, 0.5, 'here', { training: true, dropoutMask: () => tf.zeros([3]) })).toThrow(
      'options.dropoutMask must have shape [2, 3]. Received: [3].',
    )
  })
})
