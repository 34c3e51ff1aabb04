import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { resNetChannels } from '@mafjs/encoders'
import { buildMaf, defaultConfig, type Maf, type MafConfig, referenceConfig } from '@mafjs/ner-maf'
import { normal, uniform } from '@mafjs/tensor'
import { writeTensorFile } from '../files/tensor-file'
import type { Sizes } from './sizes'

/** The models of the race: the published code's, ours as a user trains it, and that without pictures. */
export function configsOf({ textEncoder, imageEncoder, tokens, exchanges }: Sizes) {
  const imageSize = resNetChannels(imageEncoder)
  const types = ['MISC', 'PER', 'ORG', 'LOC']
  return {
    reference: referenceConfig({ textEncoder, imageEncoder, imageSize, tokens, exchanges }),
    default: defaultConfig({ types, textEncoder, imageEncoder, imageSize }),
    text: defaultConfig({ types, textEncoder }),
  } satisfies Record<string, MafConfig>
}

const SEED = 37

/** Scale of the last batch norm of a residual block: small enough that 50 blocks do not make the maps explode. */
const RESIDUAL_SCALE = 0.25

/**
 * Random values that keep every state of the full model in an ordinary range, with no parameter at the special point (a
 * bias of 0, a scale of 1) where a mistake would not show. A name and a shape give the same values in every model.
 */
export function drawWeights(name: string, shape: readonly number[]): Float32Array {
  const size = shape.reduce((product, axis) => product * axis, 1)
  const key = { seed: SEED, site: name }
  const around = (centre: number, deviation: number): Float32Array => {
    const values = normal(size, key)
    for (let i = 0; i < size; i++) values[i] = centre + deviation * values[i]!
    return values
  }
  const fanIn = size / (shape[0] ?? 1)
  if (name.endsWith('running_var')) return uniform(size, key).map(value => 0.5 + value)
  if (name.endsWith('running_mean')) return around(0, 0.1)
  if (name.startsWith('crf.')) return uniform(size, key).map(value => 0.2 * value - 0.1)
  if (shape.length === 1) {
    if (name.endsWith('bias')) return around(0, 0.02)
    return isLastNorm(name) ? around(RESIDUAL_SCALE, 0.02) : around(1, 0.1)
  }
  // He et al. 2015 for convolutions; BERT's 0.02, in proportion to the inputs, for matrices; its tables have rows.
  if (shape.length === 4) return around(0, Math.sqrt(2 / fanIn))
  return around(0, name.includes('embeddings') ? 0.02 : 0.02 * Math.sqrt(768 / fanIn))
}

/** The batch norm after the last convolution of a bottleneck block. */
const isLastNorm = (name: string): boolean => /layer\d\.\d+\.bn3\.weight$/.test(name)

/** The configuration with every default filled in, so that the other side needs to know none. */
function completeConfig({ config, parts }: Maf): object {
  const modules = Object.entries(parts).flatMap(([name, part]) => {
    const { config: own } = (part ?? {}) as { config?: object }
    return name !== 'crf' && own ? [[name, own]] : []
  })
  return { ...config, ...Object.fromEntries(modules) }
}

/**
 * Writes `MODEL.json` and `MODEL.safetensors` for every model. Beside the reference only what the reference does not hold in
 * the same shape is written: a name and a shape have the same values in both.
 */
export async function writeModels(folder: string, sizes: Sizes): Promise<void> {
  const written = new Map<string, string>()
  for (const [name, config] of Object.entries(configsOf(sizes))) {
    const model = buildMaf(config, { initialise: false })
    await writeFile(join(folder, `${name}.json`), JSON.stringify(completeConfig(model)))
    const fresh = Object.entries(model.parameters())
      .map(([parameter, { shape }]) => [parameter, [...shape]] as const)
      .filter(([parameter, shape]) => written.get(parameter) !== shape.join())
    model.dispose()
    if (name === 'reference') for (const [parameter, shape] of fresh) written.set(parameter, shape.join())
    const sources = fresh.map(([parameter, shape]) => [
      parameter,
      { shape, data: drawWeights(parameter, shape) },
    ])
    writeTensorFile(join(folder, `${name}.safetensors`), Object.fromEntries(sources))
  }
}
