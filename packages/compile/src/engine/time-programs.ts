import type { Given } from '../trace/tree'
import type { Program } from './create-program'

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1]!

/**
 * Runs two programs on the same batches, round by round in turn, so that whatever else slows the machine slows both.
 *
 * @param rounds timed runs of every batch
 * @param warm what a program runs uncounted before its batches of a round, to have its threads and weights at hand. @default the first batch
 * @returns median milliseconds per row of each program
 */
export async function timePrograms<Inputs extends object>(
  programs: readonly [Pick<Program<Inputs>, 'run'>, Pick<Program<Inputs>, 'run'>],
  batches: readonly { batch: Given<Inputs>; rows: number }[],
  rounds: number,
  warm = batches[0]?.batch,
): Promise<[number, number]> {
  const times: [number[], number[]] = [[], []]
  for (let round = 0; round < rounds; round++) {
    for (const [i, program] of programs.entries()) {
      // Not counted: the threads of the program before may still be waiting for work in a loop, and its weights fill the caches.
      if (warm) await program.run(warm)
      for (const { batch, rows } of batches) {
        const start = performance.now()
        await program.run(batch)
        times[i as 0 | 1].push((performance.now() - start) / rows)
      }
    }
  }
  return [median(times[0]), median(times[1])]
}
