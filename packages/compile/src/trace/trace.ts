import * as tf from '@tensorflow/tfjs-core'
import { CompileError } from '../graph/compile-error'
import { originHere } from '../graph/origin'
import type { Value } from '../graph/value'
import { BACKEND_NAME, type OnnxBackend } from '../record/onnx-backend'
import type { Recording } from '../record/recording'
import { registerOnnxBackend } from '../register-onnx-backend'
import { keepVariables } from './keep-variables'
import { isRecord, type Leaf, leavesOf, mapTree } from './tree'
import { watch } from './watch'

/** A tensor that a recorded program reads or gives, by name. */
export interface Port {
  name: string
  value: Value
}

/** A recorded program. */
export interface Trace {
  inputs: Port[]
  /** A name is the output's path, unless an input has that name. */
  outputs: (Port & { path: string })[]
  /** What the function returned, every tensor replaced by the name of its port. */
  outputTree: unknown
  /** Variables that the program reads. */
  variables: (Port & { variable: tf.Variable })[]
  /** Other tensors of outside that it reads. */
  constants: (Port & { dataId: tf.DataId })[]
}

/** Makes an input of the program while it is recorded, under a name that no other has. */
export type MakeInput = (wanted: string, shape: readonly number[]) => { name: string; tensor: tf.Tensor }

/** How a function is recorded. */
export interface TraceOptions {
  /** The shape to record each input under. @default its own */
  shapeOf?: ((leaf: Leaf) => readonly number[]) | undefined
  /** What a variable is called in the program. @default the name it has for tfjs */
  nameOf?: ((variable: tf.Variable) => string) | undefined
}

/** Stands for an output in the tree of outputs. */
export class OutputPort {
  constructor(readonly port: string) {}
}

/**
 * Runs a function once on the recording backend: nothing is computed.
 *
 * @throws CompileError for a kernel without lowering, a read of data, what is random, an assigned variable, or a promise.
 */
export function trace(
  fn: (inputs: unknown, makeInput: MakeInput) => unknown,
  inputs: unknown,
  { shapeOf = ({ shape }) => shape, nameOf = ({ name }) => name }: TraceOptions = {},
): Trace {
  const backend = startBackend()
  const recording: Recording = { captured: new Map() }
  const traced: Trace = { inputs: [], outputs: [], outputTree: undefined, variables: [], constants: [] }
  const taken = new Set<string>()
  const freeName = (wanted: string): string => {
    let name = wanted
    for (let count = 2; taken.has(name); count++) name = `${wanted} (${count})`
    taken.add(name)
    return name
  }
  const placeholder = (name: string, shape: readonly number[], type: Leaf['dtype']): tf.Tensor => {
    const value: Value = { shape, type, source: { kind: 'input', name } }
    taken.add(name)
    traced.inputs.push({ name, value })
    return tf.engine().makeTensorFromTensorInfo(backend.output(value), backend)
  }
  const variables = keepVariables()
  const active = tf.getBackend()
  tf.setBackend(BACKEND_NAME)
  backend.recording = recording
  const restore = (): CompileError | undefined => {
    callOff()
    backend.recording = undefined
    if (active) tf.setBackend(active)
    return variables.release()
  }
  const callOff = watch(backend, recording, variables.byData)
  try {
    tf.tidy(() => {
      const recorded = mapTree(inputs, leaf => placeholder(leaf.path, shapeOf(leaf), leaf.dtype))
      const returned = fn(recorded, (wanted, shape) => {
        const name = freeName(wanted)
        return { name, tensor: placeholder(name, shape, 'float32') }
      })
      assertSynchronous(returned)
      if (recording.refused) throw recording.refused
      leavesOf(returned)
      traced.outputTree = mapTree(returned, ({ path, tensor, given }) => {
        // Numbers that JavaScript has are no tensor of the program.
        if (!tensor) return given
        const name = freeName(path || 'output')
        traced.outputs.push({ name, path: path || 'output', value: backend.recordedValue(tensor) })
        return new OutputPort(name)
      })
    })
  } catch (error) {
    restore()
    freeTape()
    // What was refused first explains the rest.
    throw error instanceof CompileError ? (recording.refused ?? error) : error
  }
  const changed = restore()
  if (changed) throw changed
  for (const [dataId, value] of recording.captured) {
    const variable = variables.byData.get(dataId)
    const name = freeName(variable ? nameOf(variable) : 'constant')
    value.source = { kind: 'input', name }
    if (variable) traced.variables.push({ name, value, variable })
    else traced.constants.push({ name, value, dataId })
  }
  return traced
}

/** tfjs keeps what gradients need until they are made, which is never after an error. */
function freeTape(): void {
  const { state } = tf.engine()
  if (state.gradientDepth > 0) return
  for (const { saved } of state.activeTape ?? []) tf.dispose(saved)
  state.activeTape = []
}

/** @throws CompileError for a promise anywhere in what a function returned. */
export function assertSynchronous(returned: unknown): void {
  if (!holdsPromise(returned)) return
  throw new CompileError({
    what: 'The function to be compiled returned a promise',
    fix: 'Make it synchronous: what it must wait for is computed before, and given to it as an argument.',
  })
}

/** Whether a promise is anywhere in what a function returned; its rejection is nobody's concern any more. */
function holdsPromise(returned: unknown): boolean {
  if (returned instanceof Promise) {
    returned.catch(() => undefined)
    return true
  }
  if (Array.isArray(returned)) return returned.filter(holdsPromise).length > 0
  return isRecord(returned) && Object.values(returned).filter(holdsPromise).length > 0
}

/** The recording backend, registered where it is not. */
function startBackend(): OnnxBackend {
  registerOnnxBackend()
  const backend = tf.engine().findBackend(BACKEND_NAME) as OnnxBackend
  if (!backend.recording) return backend
  backend.recording.refused ??= new CompileError({
    what: 'A compiled function was called while another one was recorded',
    origin: originHere('compile'),
    fix: 'Call the plain function in its place: it becomes part of the program.',
  })
  throw backend.recording.refused
}
