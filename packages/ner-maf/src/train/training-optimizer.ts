import type { OptimizerSpec } from '@mafjs/compile'
import type { CompleteSettings } from './settings'

/** The optimiser of a run over `posts` posts, with its schedule and clipping. */
export function trainingOptimizer(
  posts: number,
  { epochs, batchSize, learningRate, warmup, weightDecay, clip, optimizer }: CompleteSettings,
): OptimizerSpec {
  const batches = posts / batchSize
  if (optimizer === 'adamw') {
    return {
      kind: 'adamw',
      learningRate,
      weightDecay,
      schedule: { kind: 'linear', total: epochs * Math.ceil(batches), warmup },
      clipping: { kind: 'global-norm', limit: clip },
    }
  }
  // The published code counts whole batches only, so that its last steps, one per epoch, are past the end.
  const total = epochs * Math.max(1, Math.floor(batches))
  return {
    kind: 'bert-adam',
    learningRate,
    weightDecay,
    schedule: { kind: 'published', total, warmup },
    clipping: { kind: 'per-tensor', limit: clip },
  }
}
