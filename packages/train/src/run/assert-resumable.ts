import { InvalidArgumentError, type Parameters } from '@mafjs/tensor'
import type { ResumedTraining } from '../record/training-progress'

/** What an optimiser remembers of each number of a parameter. */
const MOMENTS = ['values', 'firstMoments', 'secondMoments'] as const

/**
 * Checks that a state is of these parameters: each has its weights, and those that are trained what the optimiser remembers.
 *
 * @throws InvalidArgumentError naming the first tensor that is missing or of another size.
 */
export function assertResumable(
  parameters: Parameters,
  { weights, best, optimizer }: Pick<ResumedTraining, 'weights' | 'best' | 'optimizer'>,
): void {
  const refuse = (file: string, name: string, rule: string, received: string): never => {
    throw new InvalidArgumentError({
      argument: `${file} of the run, ${name}`,
      rule,
      received,
      fix: 'The file is damaged, or of another model: start anew with overwrite: true.',
    })
  }
  const snapshots = { 'last/model.safetensors': weights, ...(best && { 'model.safetensors': best }) }
  for (const [name, { shape, size, trainable }] of Object.entries(parameters)) {
    for (const [file, snapshot] of Object.entries(snapshots)) {
      const received = snapshot[name]?.shape
      if (String(received) === String(shape)) continue
      refuse(file, name, `must be [${shape.join(', ')}]`, received ? `[${received.join(', ')}]` : 'nothing')
    }
    if (!trainable) continue
    const state = optimizer.parameters[name]
    const wrong = MOMENTS.find(moment => state?.[moment].length !== size)
    if (wrong === undefined) continue
    refuse(
      'last/optimizer.safetensors',
      name,
      `must have ${size} numbers of each moment`,
      `${state?.[wrong].length ?? 0}`,
    )
  }
}
