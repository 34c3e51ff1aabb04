import type { ThreadOptions } from '@mafjs/compile'
import { createCompiledRunner, createQuantizedRunner, type Maf, type ModelRunner } from '@mafjs/ner-maf'
import type { RaceBatch } from '../batch-arrays'
import type { Work } from '../work'

/** How a model is compiled for inference. */
export interface CompiledInferenceOptions extends ThreadOptions {
  precision?: 'fp32' | 'int8'
}

/** A compiled model, up to the emissions: one session for every number of posts and every length. */
export async function createCompiledInference(
  model: Maf,
  batch: RaceBatch,
  { precision, ...session }: CompiledInferenceOptions,
): Promise<Work> {
  const { labels: _, exchanges: __, ...inputs } = batch
  const { image } = inputs
  const pictureSize = image && 'pixels' in image ? image.pixels.shape[1] : undefined
  const runner: ModelRunner =
    precision === 'int8'
      ? await createQuantizedRunner(model, { pictureSize, calibration: [inputs], session })
      : createCompiledRunner(model, session)
  return {
    run: async () => {
      await runner.infer(inputs)
    },
    compare: async () => {
      const { emissions, match } = await runner.infer(inputs)
      return {
        emissions: { shape: [...emissions.shape], values: emissions.data },
        ...(match && { match: { shape: [match.length], values: match } }),
      }
    },
  }
}
