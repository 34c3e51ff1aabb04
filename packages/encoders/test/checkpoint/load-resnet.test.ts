import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { storeFloat32, writeSafetensors } from '@mafjs/tensor/safetensors'
import * as tf from '@tensorflow/tfjs-core'
import '@tensorflow/tfjs-backend-cpu'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { loadConvolutional } from '../../src/checkpoint/load-convolutional'
import { createImageEncoder } from '../../src/image/create-image-encoder'
import type { ImageEncoder } from '../../src/image/image-inputs'
import type { ResNetConfig } from '../../src/image/resnet-config'

let root: string
beforeAll(async () => {
  await tf.setBackend('cpu')
  root = await mkdtemp(join(tmpdir(), 'maf-resnet-'))
})
afterAll(() => rm(root, { recursive: true, force: true }))

async function save(
  config: ResNetConfig,
  leaveOut: string[] = [],
): Promise<{ file: string; encoder: ImageEncoder }> {
  const encoder = createImageEncoder(config)
  const tensors = Object.entries(encoder.parameters()).map(([name, variable]) => {
    return [name, storeFloat32(variable.dataSync() as Float32Array, variable.shape)] as const
  })
  const others = ['fc.weight', 'fc.bias', 'bn1.num_batches_tracked', 'layer1.0.bn1.num_batches_tracked']
  const more = others.map(name => [name, storeFloat32(new Float32Array(1), [1])] as const)
  const file = join(root, `${config.seed}.safetensors`)
  const kept = [...tensors, ...more].filter(([name]) => !leaveOut.includes(name))
  await writeFile(file, writeSafetensors(Object.fromEntries(kept)))
  return { file, encoder }
}

const states = (encoder: ImageEncoder) => {
  const pixels = tf.reshape(tf.linspace(-1, 1, 8 * 8 * 3), [1, 8, 8, 3]) as tf.Tensor4D
  return encoder.apply({ pixels, present: tf.ones([1]) }).states.arraySync()
}

describe('loadConvolutional', () => {
  test.each([
    [{ block: 'basic', layers: [1, 2, 1, 1] }, 1],
    [{ block: 'bottleneck', layers: [1, 1, 3, 1] }, 2],
  ] as const)('reads block and depth of %j from the tensors', async (shape, seed) => {
    const { file, encoder } = await save({
      kind: 'resnet',
      block: shape.block,
      layers: [...shape.layers],
      width: 4,
      seed,
    })
    const { encoder: loaded, report } = await loadConvolutional(file)
    expect(loaded.config).toEqual({ ...encoder.config, seed: 0 })
    expect(states(loaded)).toEqual(states(encoder))
    expect(report).toEqual({ file, extra: ['fc.weight', 'fc.bias'], notes: [] })
  })

  test('names every missing tensor, with the file', async () => {
    const absent = ['bn1.running_var', 'layer2.0.downsample.0.weight']
    const { file } = await save({ kind: 'resnet', depth: 18, width: 2, seed: 3 }, absent)
    const before = tf.memory().numTensors
    await expect(loadConvolutional(file)).rejects.toThrow(`${file}: `)
    await expect(loadConvolutional(file)).rejects.toThrow(`missing: ${absent.join(', ')}`)
    expect(tf.memory().numTensors).toBe(before)
  })

  test('does not look a misspelled file up on the hub', async () => {
    await expect(loadConvolutional('models/resnet51.pth')).rejects.toThrow(
      /models\/resnet51\.pth must be a readable file/,
    )
  })

  const cifar = new URL('../../../../../shared/models/resnet20-12fca82f.th', import.meta.url)
  if (!existsSync(cifar)) console.warn(`SKIPPED: a ResNet of three stages, for want of ../shared/models`)
  test.skipIf(!existsSync(cifar))('refuses a ResNet that is not of four stages', async () => {
    await expect(loadConvolutional(cifar.pathname)).rejects.toThrow(
      /four stages.*Received: no layer4\.0\.conv1\.weight/,
    )
  })
})
