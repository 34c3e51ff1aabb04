import { withLifetime } from '@mafjs/tensor/lifetime'
import * as tf from '@tensorflow/tfjs-core'
import { CapturedReader, feedsOf, readData } from './program/captured'
import { ProgramTable } from './program/program-table'
import { withConstants } from './program/with-constants'
import { optimize } from './rewrite/optimize'
import { createQueue } from './session/queue'
import { createSession, type HostTensor, type Session } from './session/session'
import type { ThreadOptions } from './session/session-options'
import { checkShortest } from './trace/check-inputs'
import { type DynamicShapes, type RecordedProgram, recordProgram } from './trace/record-program'
import { OutputPort } from './trace/trace'
import { type Given, isRecord } from './trace/tree'

/** How a function is compiled. */
export interface CompileOptions extends ThreadOptions {
  /**
   * Axes that may have any length: one program then serves them all. Without it there is one per shape.
   * @default every shape is fixed
   */
  dynamic?: DynamicShapes | undefined
  /**
   * Whether variables are part of the program, which ONNX Runtime then lays out for speed, or are handed to it at
   * every run, which makes a change of them free. @default 'constant'
   */
  weights?: 'constant' | 'input' | undefined
}

/** A compiled function. */
export interface Compiled<Inputs, Outputs> {
  (inputs: Inputs | Given<Inputs>): Promise<Outputs>
  /** The same without tensors: arrays with their shapes, by the path of each output. */
  run(inputs: Inputs | Given<Inputs>): Promise<Record<string, HostTensor>>
  /** Frees the sessions after the calls under way; later ones are refused. */
  dispose(): Promise<void>
}

/** A program that is ready to run. */
interface Ready extends RecordedProgram {
  constants: Record<string, HostTensor>
  reader: CapturedReader
  session?: Session
  /** One run after another: its session is made once, and not replaced while another run uses it. */
  inTurn: ReturnType<typeof createQueue>
}

/**
 * Compiles a function of a record of tensors into a program that ONNX Runtime runs. The function is run twice to be
 * recorded; variables it reads are parameters, whose later values count; values that are no tensors are fixed.
 *
 * @throws CompileError, when it is called, for what cannot be recorded or run.
 */
export function compile<Inputs extends object, Outputs>(
  fn: (inputs: Inputs) => Outputs,
  { dynamic, weights = 'constant', ...sessionOptions }: CompileOptions = {},
): Compiled<Inputs, Outputs> {
  const prepare = async (program: RecordedProgram): Promise<Ready> => {
    const { variables, constants } = program.trace
    const read = await Promise.all(constants.map(({ dataId, value }) => readData(dataId, value)))
    return {
      ...program,
      constants: Object.fromEntries(constants.map(({ name }, i) => [name, read[i]!])),
      reader: new CapturedReader(variables),
      inTurn: createQueue(),
    }
  }

  const programs = new ProgramTable({
    record: (inputs, symbolic) => recordProgram(given => fn(given as Inputs), inputs, { dynamic: symbolic }),
    prepare,
  })

  const runProgram = async (
    program: Ready,
    given: Record<string, HostTensor>,
  ): Promise<Record<string, HostTensor>> => {
    const { graph, constants, reader } = program
    if (graph.outputs.length === 0) return {}
    if (weights === 'constant') {
      if (!program.session || reader.isStale) {
        await program.session?.dispose()
        program.session = undefined
        const fixed = { ...constants, ...(await reader.values()) }
        program.session = await createSession(optimize(withConstants(graph, fixed)), sessionOptions)
      }
      return program.session.run(given)
    }
    if (!program.session) {
      program.session = await createSession(optimize(graph), sessionOptions)
      await program.session.keep(constants)
    }
    if (reader.isStale) await program.session.keep(await reader.values())
    return program.session.run(given)
  }

  const runOnce = async (
    inputs: Inputs | Given<Inputs>,
  ): Promise<{ program: Ready; results: Record<string, HostTensor> }> => {
    const { program: wanted, lengths } = programs.find(inputs, dynamic)
    // Read at once: the caller may dispose what it gave.
    const [program, given] = await Promise.all([wanted, feedsOf(inputs)])
    checkShortest(lengths, program.shortest)
    return { program, results: await program.inTurn(() => runProgram(program, given)) }
  }

  const disposeAll = async (): Promise<void> => {
    for (const { session } of await programs.take()) await session?.dispose()
  }

  const named = { of: 'compiled function', again: 'Compile it again' }
  const { run, dispose } = withLifetime({ run: runOnce, dispose: disposeAll }, named)

  const compiled = async (inputs: Inputs | Given<Inputs>): Promise<Outputs> => {
    const { program, results } = await run(inputs)
    return asTensors(program.trace.outputTree, results) as Outputs
  }
  return Object.assign(compiled, {
    async run(inputs: Inputs | Given<Inputs>) {
      const { program, results } = await run(inputs)
      return Object.fromEntries(program.trace.outputs.map(({ path, name }) => [path, results[name]!]))
    },
    dispose,
  })
}

/** What the function returned, with a tensor of the active backend at each port. */
export function asTensors(tree: unknown, results: Readonly<Record<string, HostTensor>>): unknown {
  if (tree instanceof OutputPort) {
    const { data, shape, type } = results[tree.port]!
    return tf.tensor(data as Float32Array, [...shape], type as tf.NumericDataType)
  }
  if (Array.isArray(tree)) return tree.map(value => asTensors(value, results))
  if (!isRecord(tree)) return tree
  return Object.fromEntries(Object.entries(tree).map(([name, value]) => [name, asTensors(value, results)]))
}
