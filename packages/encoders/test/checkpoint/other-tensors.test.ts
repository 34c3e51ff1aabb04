import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { InvalidArgumentError } from '@mafjs/tensor'
import { type StoredTensor, storeFloat32 } from '@mafjs/tensor/safetensors'
import * as tf from '@tensorflow/tfjs-core'
import '@tensorflow/tfjs-backend-cpu'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { loadConvolutional } from '../../src/checkpoint/load-convolutional'
import { createImageEncoder } from '../../src/image/create-image-encoder'
import { saveWeights } from '../../src/weights'

// What a checkpoint may hold beside its network, and where: heads are left aside, another network too, all else is an error.

let root: string
let tensors: Record<string, StoredTensor>
let count = 0
beforeAll(async () => {
  await tf.setBackend('cpu')
  root = await mkdtemp(join(tmpdir(), 'maf-others-'))
  const encoder = createImageEncoder({
    kind: 'resnet',
    block: 'basic',
    layers: [1, 1, 1, 1],
    width: 2,
    seed: 3,
  })
  const entries = Object.entries(encoder.parameters())
  tensors = Object.fromEntries(
    entries.map(([name, variable]) => [
      name,
      storeFloat32(variable.dataSync() as Float32Array, variable.shape),
    ]),
  )
})
afterAll(() => rm(root, { recursive: true, force: true }))

const one = storeFloat32(Float32Array.of(1), [1])
const under = (prefix: string, own = tensors) =>
  Object.fromEntries(Object.entries(own).map(([name, tensor]) => [`${prefix}${name}`, tensor]))
const others = (...names: string[]) => Object.fromEntries(names.map(name => [name, one]))
/** A network of the same names whose numbers are all 0. */
const zeros = () =>
  Object.fromEntries(
    Object.entries(tensors).map(([name, { shape, bytes }]) => [
      name,
      storeFloat32(new Float32Array(bytes.length / 4), shape),
    ]),
  )

async function load(content: Record<string, StoredTensor>) {
  const file = join(root, `${count++}.safetensors`)
  await saveWeights(file, content)
  const before = tf.memory().numTensors
  const loaded = await loadConvolutional(file).catch(error => {
    expect(error).toBeInstanceOf(InvalidArgumentError)
    expect(tf.memory().numTensors).toBe(before)
    return error as Error
  })
  if (loaded instanceof Error) return { message: loaded.message.replace(file, 'FILE') }
  const first = loaded.encoder.parameters()['conv1.weight']!.dataSync() as Float32Array
  expect(first).toEqual(new Float32Array(tensors['conv1.weight']!.bytes.slice().buffer))
  loaded.encoder.dispose()
  return { extra: loaded.report.extra, notes: loaded.report.notes }
}

describe('read from under', () => {
  test.each(['module.', '_orig_mod.', 'backbone.', 'encoder_q.', 'model.', 'net.', 'student.', 'a.b.c.'])(
    'the prefix %s, which is said',
    async prefix => {
      const { notes, extra } = await load({ ...under(prefix), ...others(`${prefix}fc.weight`) })
      expect(notes!.join()).toContain(`"${prefix}"`)
      expect(extra).toEqual(['fc.weight'])
    },
  )

  test.each<[string, string, string]>([
    ['teacher.backbone.', 'student.backbone.', 'student.head.mlp'],
    ['moco.encoder_q.', 'moco.encoder_k.', 'moco.queue'],
    ['model_ema.', 'model.', 'criterion.weight'],
    ['teacher.', '', 'fc.weight'],
    ['ema_model.module.', 'model.', 'ema_model.n_averaged'],
  ])('%s, and not from under %s', async (prefix, rival, head) => {
    const { notes } = await load({
      ...under(rival, zeros()),
      ...under(prefix),
      ...others(head, `${rival}fc.bias`),
    })
    expect(notes).toEqual([`The tensors are those under "${prefix}". Not read: "${rival}".`])
  })

  test('what a detector puts beside its backbone is listed', async () => {
    const { extra } = await load({
      ...under('backbone.'),
      ...others('neck.lateral.0.weight', 'rpn_head.cls.bias'),
    })
    expect(extra).toEqual(['neck.lateral.0.weight', 'rpn_head.cls.bias'])
  })
})

describe('refused', () => {
  test.each<[string, string]>([
    ['squeeze and excitation', 'layer1.0.se.fc1.weight'],
    ['a blur before pooling', 'layer2.0.conv2.filt'],
    ['a low-rank adapter', 'layer1.0.conv1.lora_A.weight'],
    ['a deeper network than its four stages', 'layer5.0.conv1.weight'],
    ['a stem of another form', 'stem.weight'],
    ['an adapter beside it', 'adapters.0.down.weight'],
  ])('%s', async (_, name) => {
    const plain = await load({ ...tensors, ...others(name) })
    expect(plain.message).toContain(`FILE must hold nothing but the tensors of its encoder and known heads`)
    expect(plain.message).toContain(`without a place: ${name}.`)
    expect((await load({ ...under('module.m.'), ...others(`module.m.${name}`) })).message).toContain(name)
  })

  test('two networks of which neither is the one that is evaluated', async () => {
    const { message } = await load({ ...under('left.'), ...under('right.') })
    expect(message).toContain('FILE must hold one network. Received: several: under "left." and "right."')
  })

  test('numbers that are not finite, by name', async () => {
    const broken = Float32Array.of(1, Number.NaN)
    const { message } = await load({
      ...tensors,
      'bn1.bias': storeFloat32(broken, [2]),
      'layer4.0.bn2.weight': storeFloat32(new Float32Array(16).fill(Infinity), [16]),
      'bn1.running_var': storeFloat32(Float32Array.of(-1, 1), [2]),
    })
    expect(message).toContain(
      'FILE must hold finite numbers, and variances that are not negative. Received: bn1.bias (NaN at 1), bn1.running_var (-1 at 0), layer4.0.bn2.weight (Infinity at 0).',
    )
    const head = storeFloat32(Float32Array.of(Number.NaN), [1])
    expect(await load({ ...tensors, 'fc.bias': head })).toEqual({ extra: ['fc.bias'], notes: [] })
  })

  test('a type that is not read, where it is used', async () => {
    const eight: StoredTensor = { dtype: 'F8_E4M3', shape: [2], bytes: new Uint8Array(2) }
    expect(await load({ ...tensors, 'fc.bias': eight })).toEqual({ extra: ['fc.bias'], notes: [] })
    const { message } = await load({ ...tensors, 'bn1.bias': eight })
    expect(message).toContain('in a type that is read. Received: bn1.bias (F8_E4M3)')
  })
})
