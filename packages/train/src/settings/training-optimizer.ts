import type { OptimizerSpec, ParameterGroup } from '@mafjs/compile'
import type { CompleteSettings } from './settings'

/** The optimiser of a run over some rows, with its schedule, clipping and groups. */
export function trainingOptimizer(
  rows: number,
  {
    epochs,
    batchSize,
    learningRate,
    warmup,
    weightDecay,
    clip,
    clipBy,
    schedule,
    optimizer,
  }: CompleteSettings,
  groups: readonly ParameterGroup[] = [],
): OptimizerSpec {
  const batches = rows / batchSize
  // The published code counts whole batches only, so that its last steps, one per epoch, are past the end.
  const perEpoch = schedule === 'published' ? Math.max(1, Math.floor(batches)) : Math.ceil(batches)
  return {
    kind: optimizer === 'published' ? 'bert-adam' : 'adamw',
    learningRate,
    weightDecay,
    schedule: { kind: schedule, total: epochs * perEpoch, warmup },
    clipping: { kind: clipBy, limit: clip },
    groups,
  }
}
