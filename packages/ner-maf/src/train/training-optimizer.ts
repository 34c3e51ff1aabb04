import type { Parameters } from '@mafjs/tensor'
import { createAdamW } from './adamw'
import { createBertAdam } from './bert-adam'
import { clipByGlobalNorm, clipPerTensor } from './clipping'
import type { Optimizer } from './optimizer'
import { linearSchedule, publishedSchedule } from './schedules'
import type { CompleteSettings } from './settings'

/** The optimiser of a run over `posts` posts, with its schedule and clipping. */
export function trainingOptimizer(
  parameters: Parameters,
  posts: number,
  { epochs, batchSize, learningRate, warmup, weightDecay, clip, optimizer }: CompleteSettings,
): Optimizer {
  const batches = posts / batchSize
  if (optimizer === 'adamw') {
    return createAdamW(parameters, {
      learningRate,
      weightDecay,
      schedule: linearSchedule({ total: epochs * Math.ceil(batches), warmup }),
      clipping: clipByGlobalNorm(clip),
    })
  }
  // The published code counts whole batches only, so that its last steps, one per epoch, are past the end.
  const total = epochs * Math.max(1, Math.floor(batches))
  return createBertAdam(parameters, {
    learningRate,
    weightDecay,
    schedule: publishedSchedule({ total, warmup }),
    clipping: clipPerTensor(clip),
  })
}
