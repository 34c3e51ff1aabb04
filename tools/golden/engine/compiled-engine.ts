import {
  compile,
  compileGradients,
  compileTraining,
  type LossFunction,
  type SessionOptions,
} from '@mafjs/compile'
import { type GoldenEngine, type LossProgram, takeValues } from './golden-engine'

/** A recorded program cannot read labels to check them. */
const unchecked =
  <Inputs>(loss: LossProgram<Inputs>): LossFunction<Inputs> =>
  (inputs, options) =>
    loss(inputs, { ...options, checkValues: false })

/** Computes what `@mafjs/compile` makes of each program. */
export function createCompiledEngine(session: SessionOptions): GoldenEngine {
  return {
    async compute(program, inputs) {
      const compiled = compile((given: typeof inputs) => program(given, { checkValues: false }), session)
      try {
        const results = await compiled.run(inputs)
        return Object.fromEntries(
          // No program of ours gives 64-bit integers.
          Object.entries(results).map(([name, { data, shape }]) => [
            name,
            { values: data as Float32Array, shape },
          ]),
        )
      } finally {
        await compiled.dispose()
      }
    },
    async gradients(loss, parameters, inputs) {
      const compiled = compileGradients(unchecked(loss), parameters, session)
      try {
        return await takeValues((await compiled(inputs)).gradients)
      } finally {
        await compiled.dispose()
      }
    },
    async train(loss, parameters, inputs, { optimizer, steps }) {
      const training = await compileTraining(unchecked(loss), parameters, { ...session, optimizer })
      try {
        const before: Record<string, number>[] = []
        for (let step = 0; step < steps; step++) {
          before.push((await training.step(inputs, { seed: 0, step })).losses)
        }
        return before
      } finally {
        // The variables get what the steps have left.
        await training.dispose()
      }
    },
  }
}
