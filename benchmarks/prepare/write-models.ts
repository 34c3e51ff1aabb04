import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { buildMaf, type Maf, type MafConfig } from '@mafjs/ner-maf'
import { writeTensorFile } from '../files/write-tensor-file'
import { configsOf, MODELS } from './configs'
import { drawWeights } from './draw-weights'
import type { Sizes } from './sizes'

/** The configuration with every default filled in, so that the other side needs to know none. */
function completeConfig({ config, parts }: Maf): object {
  const modules = Object.entries(parts).flatMap(([name, part]) => {
    const { config: own } = (part ?? {}) as { config?: object }
    return name !== 'crf' && own ? [[name, own]] : []
  })
  return { ...config, ...Object.fromEntries(modules) }
}

/**
 * Writes `MODEL.json` and `MODEL.safetensors` for both models. Of the default one only what the reference does not hold in
 * the same shape is written: a name and a shape have the same values in both.
 */
export async function writeModels(folder: string, sizes: Sizes): Promise<void> {
  const configs = configsOf(sizes)
  const written = new Map<string, string>()
  for (const name of MODELS) {
    const config: MafConfig = configs[name]
    const model = buildMaf(config, { initialise: false })
    await writeFile(join(folder, `${name}.json`), JSON.stringify(completeConfig(model)))
    const shapes = Object.entries(model.parameters()).map(
      ([parameter, { shape }]) => [parameter, [...shape]] as const,
    )
    model.dispose()
    const fresh = shapes.filter(([parameter, shape]) => written.get(parameter) !== shape.join())
    for (const [parameter, shape] of shapes) written.set(parameter, shape.join())
    writeTensorFile(
      join(folder, `${name}.safetensors`),
      Object.fromEntries(
        fresh.map(([parameter, shape]) => [
          parameter,
          { shape, values: () => drawWeights(parameter, shape) },
        ]),
      ),
    )
  }
}
