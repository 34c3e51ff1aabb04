import * as tf from '@tensorflow/tfjs-core'
import type { ApplyOptions, Module, Parameters } from '../module'
import { normal } from '../random'
import { flatten, type TensorInput, type ValueInput, type Words } from './inputs'
import { drawInputs, type MadeInputs, makeInputs, type PlainInputs } from './plain'
import { readOutputs, type Snapshot } from './snapshot'
import type { ConformanceSubject, OutputSpec } from './subject'

/** A module as the suite sees it. */
export type AnyModule = Module<object, object, object>

/** Values of parameters by name. */
export type Values = Record<string, Float32Array>

/** A mask among the inputs, and what it says about the others. */
export interface Mask {
  path: string
  /** The word of its positions; none for a mask of whole examples. */
  positions: string | undefined
  /** Every other input of its modality. */
  members: string[]
}

/** How one application differs from the usual. */
export interface Run {
  /** Parameters with other values than the bench's. */
  parameters?: Values
  /** Which stream `Math.random` gives. @default 1 */
  randomness?: number
}

/** One module on the bench: how it is made, fed and read. */
export interface Bench {
  readonly subject: ConformanceSubject<object>
  readonly specs: Record<string, TensorInput | ValueInput>
  readonly words: Record<string, Words>
  readonly outputs: Record<string, Required<OutputSpec>>
  readonly masks: Mask[]
  /** The ordinary inputs. */
  readonly plain: PlainInputs
  /** Parameter values far from any special point such as a bias of zero. */
  readonly values: Values
  /** Whether every application gets a module of its own, so that a hidden state spoils no other check. */
  fresh: boolean
  make(create?: () => object): AnyModule
  use<T>(run: Run, work: (module: AnyModule) => T | Promise<T>): Promise<T>
  apply(plain: PlainInputs, options?: ApplyOptions, run?: Run): Promise<Snapshot>
  withInputs<T>(plain: PlainInputs, work: (made: MadeInputs) => T | Promise<T>): Promise<T>
  dispose(): void
}

/** Seed of everything the suite draws, and of the calls it makes. */
export const SEED = 20_220_221

/** Puts a module on the bench. */
export function createBench(subject: ConformanceSubject<object>): Bench {
  const specs = flatten(subject.inputs)
  const words = Object.fromEntries(
    Object.entries(specs).flatMap(([path, spec]) => (spec.kind === 'tensor' ? [[path, spec.shape]] : [])),
  )
  const create = (): AnyModule => withRandomness(1, () => subject.create(subject.config)) as AnyModule
  const shared = create()
  const values = spreadValues(shared.parameters())
  assignValues(shared.parameters(), values)
  const make: Bench['make'] = (other = create) => {
    const module = other() as AnyModule
    assignValues(module.parameters(), values)
    return module
  }
  const bench: Bench = {
    subject,
    specs,
    words,
    outputs: Object.fromEntries(
      Object.entries(subject.outputs).map(([path, spec]) => [path, fullOutputSpec(spec)]),
    ),
    masks: masksOf(specs),
    plain: drawInputs(specs, subject.dimensions, SEED),
    values,
    fresh: false,
    make,
    use: async ({ parameters = {} }, work) => {
      const module = bench.fresh ? make() : shared
      try {
        assignValues(module.parameters(), parameters)
        return await work(module)
      } finally {
        if (bench.fresh) module.dispose()
        else assignValues(shared.parameters(), pick(values, Object.keys(parameters)))
      }
    },
    apply: (plain, options = {}, run = {}) =>
      bench.use(run, module =>
        bench.withInputs(plain, ({ inputs }) =>
          readOutputs(withRandomness(run.randomness ?? 1, () => module.apply(inputs, options))),
        ),
      ),
    withInputs: async (plain, work) => {
      const made = makeInputs(plain)
      try {
        return await work(made)
      } finally {
        made.dispose()
      }
    },
    dispose: () => shared.dispose(),
  }
  return bench
}

/** Calls `work` while `Math.random` gives a fixed stream: only the check that varies it sees who depends on it. */
export function withRandomness<T>(stream: number, work: () => T): T {
  const original = Math.random
  let state = stream
  Math.random = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 0x100000000
  }
  try {
    return work()
  } finally {
    Math.random = original
  }
}

/** Sets parameters by name; a name the module does not have is left. */
export function assignValues(parameters: Parameters, values: Values): void {
  for (const [name, data] of Object.entries(values)) {
    const variable = parameters[name]
    if (!variable || variable.size !== data.length) continue
    const tensor = tf.tensor(data, variable.shape, variable.dtype)
    variable.assign(tensor)
    tensor.dispose()
  }
}

/** Reads parameters back, in the order of their names as given. */
export function readValues(parameters: Parameters): Values {
  return Object.fromEntries(
    Object.entries(parameters).map(([name, variable]) => [
      name,
      Float32Array.from(variable.dataSync<'float32'>()),
    ]),
  )
}

function pick(values: Values, names: string[]): Values {
  return Object.fromEntries(names.map(name => [name, values[name]!]))
}

/** The first values, moved by enough that a gradient shows and by little enough that a deep network stays calm. */
function spreadValues(parameters: Parameters): Values {
  return Object.fromEntries(
    Object.entries(readValues(parameters)).map(([name, data]) => {
      const { trainable, shape } = parameters[name]!
      if (!trainable) return [name, data]
      const fanIn = shape.slice(1).reduce((size, axis) => size * axis, 1)
      const deviation = shape.length > 1 ? 0.5 / Math.sqrt(fanIn) : 0.2
      const noise = normal(data.length, { seed: SEED, site: name })
      return [name, data.map((value, index) => value + deviation * noise[index]!)]
    }),
  )
}

function fullOutputSpec(spec: Words | OutputSpec): Required<OutputSpec> {
  const given: OutputSpec = 'shape' in spec ? spec : { shape: spec }
  const { shape, dtype = 'float32', differentiable = dtype === 'float32' } = given
  return { shape, dtype, differentiable }
}

function masksOf(specs: Record<string, TensorInput | ValueInput>): Mask[] {
  return Object.entries(specs).flatMap(([path, spec]) => {
    if (spec.kind !== 'tensor' || !spec.mask) return []
    const positions = spec.shape[1] as string | undefined
    const record = path.includes('.') ? path.slice(0, path.indexOf('.') + 1) : undefined
    const members = Object.entries(specs).flatMap(([other, { kind, ...rest }]) => {
      if (kind !== 'tensor' || other === path) return []
      const { shape } = rest as TensorInput
      const belongs =
        (positions !== undefined && shape.includes(positions)) ||
        (record !== undefined && other.startsWith(record)) ||
        spec.covers.includes(other)
      return belongs ? [other] : []
    })
    return [{ path, positions, members }]
  })
}
