import type * as tf from '@tensorflow/tfjs-core'
import { readData } from '../program/captured'
import { withConstants } from '../program/with-constants'
import { optimize } from '../rewrite/optimize'
import { encodeInPlace } from '../session/in-place-session'
import type { RecordedGradients } from '../trace/record-gradients'
import type { TrainingProgram } from './training-engine'
import { workingBytes } from './working-memory'

/**
 * A recorded step as an engine takes it; variables that are not trained belong to the program.
 *
 * @param lengths of the symbolic dimensions, by which its memory is estimated
 */
export async function trainingProgram(
  recorded: RecordedGradients,
  trained: ReadonlyMap<tf.Variable, string>,
  lengths: ReadonlyMap<string, number>,
): Promise<{ program: TrainingProgram; graph: RecordedGradients['graph'] }> {
  const { trace, masks, losses, reached } = recorded
  const frozen = trace.variables.filter(({ variable }) => !trained.has(variable))
  const outside = [
    ...frozen.map(({ name, value, variable }) => ({ name, value, dataId: variable.dataId })),
    ...trace.constants,
  ]
  const read = await Promise.all(
    outside.map(async ({ name, value, dataId }) => [name, await readData(dataId, value)] as const),
  )
  const graph = optimize(withConstants(recorded.graph, Object.fromEntries(read)))
  const used = new Set(graph.inputs.map(({ name }) => name))
  const program = {
    ...(await encodeInPlace(graph)),
    masks: masks.filter(({ name }) => used.has(name)),
    parameters: trace.variables
      .filter(({ name, variable }) => used.has(name) && trained.has(variable))
      .map(({ name, variable }) => ({ input: name, parameter: trained.get(variable)! })),
    losses,
    reached,
    workingBytes: workingBytes(graph, lengths),
  }
  return { program, graph }
}
