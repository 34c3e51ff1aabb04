import { quantile } from '@mafjs/evaluate'
import type { BatchArrays } from '../model/batch-arrays'
import type { MafProgram } from '../task/maf-program'

/**
 * Runs two models on the same batches in turn, so that whatever else slows the machine slows both.
 *
 * @param rounds timed runs of every batch
 * @returns median milliseconds per post of each model
 */
export async function timePrograms(
  programs: readonly [MafProgram, MafProgram],
  batches: readonly BatchArrays[],
  rounds: number,
): Promise<[number, number]> {
  const times: [number[], number[]] = [[], []]
  for (let round = 0; round < rounds; round++) {
    for (const batch of batches) {
      for (const [i, program] of programs.entries()) {
        // Not counted: the threads of the model before may still be waiting for work in a loop.
        await program.run(batch)
        const start = performance.now()
        await program.run(batch)
        times[i as 0 | 1].push((performance.now() - start) / batch.text.ids.shape[0]!)
      }
    }
  }
  return [quantile(times[0], 0.5), quantile(times[1], 0.5)]
}
