import type { Given } from '../trace/tree'
import type { Program } from './create-program'

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1]!

/**
 * Runs two programs on the same batches in turn, so that whatever else slows the machine slows both.
 *
 * @param rounds timed runs of every batch
 * @returns median milliseconds per row of each program
 */
export async function timePrograms<Inputs extends object>(
  programs: readonly [Pick<Program<Inputs>, 'run'>, Pick<Program<Inputs>, 'run'>],
  batches: readonly { batch: Given<Inputs>; rows: number }[],
  rounds: number,
): Promise<[number, number]> {
  const times: [number[], number[]] = [[], []]
  for (let round = 0; round < rounds; round++) {
    for (const { batch, rows } of batches) {
      for (const [i, program] of programs.entries()) {
        // Not counted: the threads of the program before may still be waiting for work in a loop.
        await program.run(batch)
        const start = performance.now()
        await program.run(batch)
        times[i as 0 | 1].push((performance.now() - start) / rows)
      }
    }
  }
  return [median(times[0]), median(times[1])]
}
