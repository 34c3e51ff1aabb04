import { type BuiltGraph, buildGraph } from '../graph/build-graph'
import { CompileError } from '../graph/compile-error'
import { type Lengths, lengthsAt, type Primes, symbolicLengths } from '../graph/dimensions'
import type { OnnxGraph } from '../graph/onnx-graph'
import { withoutPlaces } from '../graph/origin'
import { type Difference, differenceOf, returnedDifference } from './compare-graphs'
import { type ChooseOptions, checkLengths, choosePrimes } from './primes'
import { type MakeInput, type Trace, type TraceOptions, trace } from './trace'
import { type Leaf, leavesOf } from './tree'

/** The names of an input's symbolic axes; `null` for an axis of fixed length. */
export type AxisNames = readonly (string | null)[]

/** Which axes of which inputs have any length. */
export interface DynamicShapes {
  /** By the input's path, such as `text.ids`. */
  axes: Readonly<Record<string, AxisNames>>
  /** The greatest length a dimension may have, where the function checks it. @default no limit */
  largest?: Readonly<Record<string, number>>
}

/** How a program is recorded. */
export interface RecordProgramOptions extends Pick<TraceOptions, 'nameOf'> {
  /** @default every shape is fixed */
  dynamic?: DynamicShapes | undefined
}

/** The same with a dimension, if it is named, whose every length has a program of its own. */
export function withoutDimension({ axes, largest }: DynamicShapes, name: string): DynamicShapes {
  const fixed = Object.entries(axes).map(([path, names]) => [
    path,
    names.map(each => (each === name ? null : each)),
  ])
  const limits = Object.entries(largest ?? {}).filter(([each]) => each !== name)
  return { axes: Object.fromEntries(fixed), largest: Object.fromEntries(limits) }
}

/** A function that can be recorded; `attempt` differs from recording to recording and must not show in the program. */
export type Recordable = (inputs: unknown, makeInput: MakeInput, attempt: number) => unknown

/** A program and what it was recorded from. */
export interface RecordedProgram {
  trace: Trace
  graph: OnnxGraph
  /** How long symbolic dimensions must be at least. */
  shortest: ReadonlyMap<string, number>
  /** What the lengths of the trace stand for. */
  lengths: Lengths
}

/**
 * Records a function as a graph, twice: what JavaScript computed from chance, from the time or from a length that may
 * change differs between the two recordings, everything else does not. With symbolic dimensions one of the two has small
 * even lengths, and the other, under primes, must be the same program where its dimensions have those lengths.
 *
 * @throws CompileError for a constant that differs, or a structure that does.
 * @throws NoRoomError for a dimension that may have too few lengths to be told from others.
 */
export function recordProgram(
  fn: Recordable,
  inputs: unknown,
  { dynamic, nameOf }: RecordProgramOptions = {},
): RecordedProgram {
  const record = (attempt: number, lengths: ReadonlyMap<string, number>): Trace =>
    trace((given, makeInput) => fn(given, makeInput, attempt), inputs, {
      shapeOf: leaf => shapeUnder(leaf, dynamic, lengths),
      nameOf,
    })
  if (!dynamic) {
    const first = { trace: record(0, new Map()) }
    const graph = graphOf(first.trace)
    const differenceFrom = (again: Trace): Difference | undefined =>
      differenceBetween(graph, first.trace, graphOf(again), again)
    const again = (): Trace => record(1, new Map())
    const difference = differenceFrom(quickly(again))
    refuse(difference && (differenceFrom(again()) ?? difference), 'random')
    return { ...first, graph, shortest: new Map(), lengths: symbolicLengths(new Map()) }
  }
  const names = [...new Set(Object.values(dynamic.axes).flatMap(axes => axes.filter(name => name !== null)))]
  const fixed = leavesOf(inputs).flatMap(leaf =>
    leaf.shape.filter((_, axis) => !dynamic.axes[leaf.path]?.[axis]),
  )
  const checked = recordChecked(names, { taken: fixed, largest: dynamic.largest ?? {} }, lengths =>
    quickly(() => record(0, lengths)),
  )
  const plain = graphOf(checked.trace)
  const taken = numbersIn(plain)
  const { primes, traced } = recordLong(
    limit => choosePrimes(names, { taken, largest: { ...limitsOf(names, limit), ...dynamic.largest } }),
    primes => record(1, primes),
  )
  const there = graphOf(traced, lengthsAt(primes, checked.lengths))
  const quick = differenceBetween(there, traced, plain, checked.trace)
  if (quick) {
    const placed = record(0, checked.lengths)
    const difference = differenceBetween(there, traced, graphOf(placed), placed) ?? quick
    const again = record(2, primes)
    const isRandom = differenceBetween(graphOf(traced), traced, graphOf(again), again)
    refuse(isRandom ?? difference, isRandom ? 'random' : 'length')
  }
  const lengths = symbolicLengths(primes, unnamedLengths(there, plain))
  return { trace: traced, ...built(traced, lengths), lengths }
}

/** A recording that is only compared with another: its places are asked for where it is refused, and then it is made again. */
function quickly(record: () => Trace): Trace {
  try {
    return withoutPlaces(record)
  } catch (error) {
    if (error instanceof CompileError) return record()
    throw error
  }
}

/** A recording under small lengths, or under large ones where the function refuses the small. */
function recordChecked(
  names: readonly string[],
  options: ChooseOptions,
  record: (lengths: ReadonlyMap<string, number>) => Trace,
): { trace: Trace; lengths: ReadonlyMap<string, number> } {
  const small = checkLengths(names, 'small', options)
  try {
    return { trace: record(small), lengths: small }
  } catch (error) {
    if (error instanceof CompileError) throw error
    const lengths = checkLengths(names, 'large', options)
    return { trace: record(lengths), lengths }
  }
}

/** What dimensions are tried below that have no greatest length, where the function refuses longer ones: a table ends. */
const LIMITS = [undefined, 256, 64]

const limitsOf = (names: readonly string[], limit: number | undefined): Record<string, number> =>
  Object.fromEntries(limit === undefined ? [] : names.map(name => [name, limit]))

/** The recording under primes; what serves short inputs and refuses long ones has a limit, which is looked for. */
function recordLong(
  choose: (limit: number | undefined) => Primes,
  record: (primes: Primes) => Trace,
): { primes: Primes; traced: Trace } {
  let refused: CompileError | undefined
  for (const limit of LIMITS) {
    const primes = choose(limit)
    try {
      return { primes, traced: record(primes) }
    } catch (cause) {
      if (cause instanceof CompileError) throw cause
      const lengths = [...primes].map(([name, length]) => `${name} = ${length}`).join(', ')
      refused ??= new CompileError({
        what: `The function refuses ${lengths}, under which it was recorded: ${cause instanceof Error ? cause.message : cause}`,
        fix: 'If a dimension has a greatest length, such as the rows of a table of positions, give it as dynamic.largest.',
        cause,
      })
    }
  }
  throw refused!
}

function shapeUnder(
  { path, shape }: Leaf,
  dynamic: DynamicShapes | undefined,
  lengths: ReadonlyMap<string, number>,
): number[] {
  return shape.map((length, axis) => lengths.get(dynamic?.axes[path]?.[axis] ?? '') ?? length)
}

function built({ inputs, outputs, variables, constants }: Trace, lengths?: Lengths): BuiltGraph {
  const taken = [...variables, ...constants].map(({ name }) => name)
  return buildGraph({ inputs, outputs, taken, lengths })
}

const graphOf = (traced: Trace, lengths?: Lengths): OnnxGraph => built(traced, lengths).graph

/** All lengths and single numbers of a graph without symbolic dimensions. */
function numbersIn({ tensors, initializers }: OnnxGraph): Set<number> {
  const numbers = new Set<number>()
  for (const { shape } of tensors.values()) for (const length of shape) numbers.add(length as number)
  for (const { data } of initializers)
    if (data.length <= 16) for (const number of data) numbers.add(Number(number))
  return numbers
}

/** Lengths that are no product of dimensions and yet not the same in a second recording. */
function unnamedLengths(there: OnnxGraph, plain: OnnxGraph): Set<number> {
  const unnamed = new Set<number>()
  for (const [name, { shape }] of there.tensors) {
    for (const [axis, length] of shape.entries()) {
      if (length !== plain.tensors.get(name)!.shape[axis]) unnamed.add(length as number)
    }
  }
  return unnamed
}

const differenceBetween = (
  first: OnnxGraph,
  one: Trace,
  second: OnnxGraph,
  other: Trace,
): Difference | undefined =>
  differenceOf(first, second) ?? returnedDifference(one.outputTree, other.outputTree)

function refuse(difference: Difference | undefined, cause: 'random' | 'length'): void {
  if (!difference) return
  const { shown, origin } = difference
  throw new CompileError(
    cause === 'random'
      ? {
          what: `What differs from call to call would be frozen into the program: two recordings hold ${shown}`,
          origin,
          fix: 'Draw or compute it outside and give it as an input; dropout of @mafjs/tensor does so by itself.',
        }
      : {
          what: `A number computed from a length that may change would be frozen into the program: ${shown}`,
          origin,
          fix: 'Compute it with tensors, or give it as an input, or compile for fixed shapes.',
        },
  )
}
