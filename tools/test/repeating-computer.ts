import { assignSnapshot, takeSnapshot } from '@mafjs/train'
import type { Computer, Repeated } from '../engine/computer'

/**
 * A computer that computes what it is asked in the first round and says the same in every other: a fault in what is expected
 * needs nothing computed anew. The questions, and what they are asked of, must be the same in every round.
 */
export function repeatingComputer(real: () => Computer): { round: () => Computer } {
  const answers: unknown[] = []
  const round = (): Computer => {
    let asked = 0
    const once = async <Answer>(compute: () => Promise<Answer>): Promise<Answer> => {
      const place = asked++
      answers[place] ??= await compute()
      return answers[place] as Answer
    }
    /** Makes the real one where it is first run. */
    const lazy = <Given extends unknown[], Answer>(
      make: () => Repeated<Given, Answer> | Promise<Repeated<Given, Answer>>,
    ): Repeated<Given, Answer> => {
      let made: Promise<Repeated<Given, Answer>> | undefined
      return {
        run: (...given) =>
          once(async () => {
            made ??= Promise.resolve(make())
            return (await made).run(...given)
          }),
        dispose: async () => (await made)?.dispose(),
      }
    }
    return {
      inputs: arrays => real().inputs(arrays),
      program: program => lazy(() => real().program(program)),
      gradients: (loss, parameters) => lazy(() => real().gradients(loss, parameters)),
      async training(loss, parameters, optimizer) {
        const { run, dispose } = lazy(() => real().training(loss, parameters, optimizer))
        return {
          run,
          async dispose() {
            await dispose()
            assignSnapshot(parameters, await once(() => takeSnapshot(parameters)))
          },
        }
      },
    }
  }
  return { round }
}
