import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it, test } from 'vitest'
import { loadWeights } from '../../src/weights'

const fixture = (name: string) => fileURLToPath(new URL(`fixtures/${name}`, import.meta.url))
const DTYPES: Record<string, string> = {
  float64: 'F64',
  float32: 'F32',
  float16: 'F16',
  bfloat16: 'BF16',
  int64: 'I64',
  int32: 'I32',
  int16: 'I16',
  int8: 'I8',
  uint8: 'U8',
  bool: 'BOOL',
}

/** What torch itself read back, made by make-fixtures.py. */
function expected(name: string) {
  const json: Record<string, { dtype: string; shape: number[]; values: string[] }> = JSON.parse(
    readFileSync(fixture(name), 'utf8'),
  )
  return Object.entries(json).map(([key, { dtype, shape, values }]) => [
    key,
    { dtype: DTYPES[dtype], shape, values: values.map(value => Number(value === 'inf' ? Infinity : value)) },
  ])
}

async function loaded(path: string) {
  return Object.entries(await loadWeights(path)).map(([name, { dtype, shape, values }]) => [
    name,
    { dtype, shape, values: [...values()] },
  ])
}

describe('files torch wrote hold the values torch reads', () => {
  it.each(['mixed.pt', 'mixed-protocol-5.pt', 'mixed-zip64.pt', 'mixed-legacy.pt'])('%s', async name => {
    expect(await loaded(fixture(name))).toEqual(expected('expected.json'))
  })

  it('layers.pt, a bare state dict with its _metadata attribute', async () => {
    expect(await loaded(fixture('layers.pt'))).toEqual(expected('layers.json'))
  })
})

describe('files torch would run are refused, naming the global', () => {
  it.each([
    ['hostile.pt', 'the global posix.system'],
    ['hostile-legacy.pt', 'the global posix.system'],
    ['whole-model.pt', 'the global torch.nn.modules.container.Sequential'],
    ['hostile.pkl', 'must be safetensors, or a zip or pickle that torch.save wrote'],
    ['big-endian.pt', 'must be little-endian'],
  ])('%s', async (name, message) => {
    await expect(loadWeights(fixture(name))).rejects.toThrow(message)
  })
})

/** The tensors of a CIFAR ResNet of depth 6n + 2 (He et al. 2016, section 4.2), option A: no shortcut parameters. */
function cifarResnet(n: number): Map<string, number[]> {
  const shapes = new Map<string, number[]>()
  const norm = (name: string, channels: number) => {
    for (const part of ['weight', 'bias', 'running_mean', 'running_var']) {
      shapes.set(`${name}.${part}`, [channels])
    }
  }
  shapes.set('conv1.weight', [16, 3, 3, 3])
  norm('bn1', 16)
  for (const [stage, out] of [16, 32, 64].entries()) {
    for (let block = 0; block < n; block++) {
      const name = `layer${stage + 1}.${block}`
      const first = stage > 0 && block === 0 ? out / 2 : out
      shapes.set(`${name}.conv1.weight`, [out, first, 3, 3])
      norm(`${name}.bn1`, out)
      shapes.set(`${name}.conv2.weight`, [out, out, 3, 3])
      norm(`${name}.bn2`, out)
    }
  }
  return shapes.set('linear.weight', [10, 64]).set('linear.bias', [10])
}

describe('published legacy checkpoints', () => {
  for (const [name, blocks] of [
    ['resnet20-12fca82f.th', 3],
    ['resnet56-4bfd9763.th', 9],
  ] as const) {
    const path = fileURLToPath(new URL(`../../../../../shared/models/${name}`, import.meta.url))
    const present = existsSync(path)
    if (!present) console.warn(`SKIPPED: ${name} is not here (shared/models)`)
    test.skipIf(!present)(name, async () => {
      const weights = await loadWeights(path)
      expect(new Map(Object.entries(weights).map(([key, { shape }]) => [key, shape]))).toEqual(
        cifarResnet(blocks),
      )
      for (const [key, { shape, values }] of Object.entries(weights)) {
        const numbers = values()
        expect(numbers.length).toBe(shape.reduce((size, axis) => size * axis, 1))
        expect(numbers.every(Number.isFinite)).toBe(true)
        if (key.endsWith('running_var')) expect(Math.min(...numbers)).toBeGreaterThanOrEqual(0)
      }
    })
  }
})
