import { dropoutMask, type Parameters } from '@mafjs/tensor'
import { withLifetime } from '@mafjs/tensor/lifetime'
import * as tf from '@tensorflow/tfjs-core'
import { sizeOf } from './graph/element-types'
import { CapturedReader, feedsOf, readData } from './program/captured'
import { ProgramTable } from './program/program-table'
import { withConstants } from './program/with-constants'
import { optimize } from './rewrite/optimize'
import { createSession, type Feed, type Session } from './session/session'
import type { ThreadOptions } from './session/session-options'
import { checkShortest } from './trace/check-inputs'
import {
  type LossFunction,
  type MaskInput,
  maskShape,
  type RecordedGradients,
  recordGradients,
} from './trace/record-gradients'
import type { DynamicShapes } from './trace/record-program'
import type { Given } from './trace/tree'
import type { RunKey } from './training/training-engine'

/** What one run gives. */
export interface LossesAndGradients {
  /** The parts of the loss by name; `total` is the one that is differentiated. */
  losses: Record<string, number>
  /** By parameter; one that the loss does not reach has none. The caller disposes them. */
  gradients: Record<string, tf.Tensor>
}

/** A compiled loss with its gradients. */
export interface CompiledGradients<Inputs> {
  /** @param run seed and step that dropout masks are drawn from @default 0 and 0 */
  (inputs: Inputs | Given<Inputs>, run?: RunKey): Promise<LossesAndGradients>
  /** Frees the sessions after the calls under way; later ones are refused. */
  dispose(): Promise<void>
}

/** How a loss and its gradients are compiled. */
export interface CompileGradientsOptions extends ThreadOptions {
  /**
   * Axes that may have any length: one program then serves them all.
   * @default every shape has a program of its own
   */
  dynamic?: DynamicShapes | undefined
}

/** A program that is ready to run. */
interface Ready {
  recorded: RecordedGradients
  reader: CapturedReader
  session: Session
}

/**
 * Compiles a loss and its gradients with respect to parameters: one program for each shape of inputs, the parameters'
 * later values count. An optimiser of one's own is fed with them; `compileTraining` has one built in.
 *
 * @throws CompileError, when it is called, for what cannot be recorded or run.
 */
export function compileGradients<Inputs extends object>(
  lossFn: LossFunction<Inputs>,
  parameters: Parameters,
  { dynamic, ...options }: CompileGradientsOptions = {},
): CompiledGradients<Inputs> {
  const prepare = async (recorded: RecordedGradients): Promise<Ready> => {
    const { variables, constants } = recorded.trace
    const read = await Promise.all(
      constants.map(async ({ name, dataId, value }) => [name, await readData(dataId, value)] as const),
    )
    const graph = optimize(withConstants(recorded.graph, Object.fromEntries(read)))
    return { recorded, reader: new CapturedReader(variables), session: await createSession(graph, options) }
  }

  const programs = new ProgramTable({
    record: (inputs, symbolic) =>
      recordGradients(lossFn as LossFunction<never>, parameters, inputs as object, symbolic),
    prepare,
  })

  const runOnce = async (
    inputs: Inputs | Given<Inputs>,
    run: RunKey = { seed: 0, step: 0 },
  ): Promise<LossesAndGradients> => {
    const { program, lengths } = programs.find(inputs, dynamic)
    // Read at once: the caller may dispose what it gave.
    const [{ recorded, reader, session }, given] = await Promise.all([program, feedsOf(inputs)])
    checkShortest(lengths, recorded.shortest)
    if (reader.isStale) await session.keep(await reader.values())
    const results = await session.run({ ...given, ...drawn(recorded.masks, lengths, run) })
    return {
      losses: Object.fromEntries(
        recorded.losses.map(name => [name, Number(results[`loss.${name}`]!.data[0])]),
      ),
      gradients: Object.fromEntries(
        recorded.reached.map(name => {
          const { data, shape } = results[`gradient.${name}`]!
          return [name, tf.tensor(data as Float32Array, [...shape])]
        }),
      ),
    }
  }
  const disposeAll = async (): Promise<void> => {
    for (const { session } of await programs.take()) await session.dispose()
  }

  const named = { of: 'compiled loss', again: 'Compile it again' }
  const { run, dispose } = withLifetime({ run: runOnce, dispose: disposeAll }, named)
  const compiled: typeof run = (...given) => run(...given)
  return Object.assign(compiled, { dispose })
}

function drawn(
  masks: readonly MaskInput[],
  lengths: ReadonlyMap<string, number>,
  { seed, step }: RunKey,
): Record<string, Feed> {
  return Object.fromEntries(
    masks.map(({ name, shape, rate, site }) => {
      const feed = maskShape(shape, lengths)
      return [name, { data: dropoutMask(sizeOf(feed), rate, { seed, step, site }), shape: feed }]
    }),
  )
}
