import * as tf from '@tensorflow/tfjs-core'
import { CompileError } from '../graph/compile-error'
import { isElementType, type Numbers, numbersOf, sizeOf } from '../graph/element-types'
import { cast, reshape } from '../graph/operators'
import { calledOperation, originHere } from '../graph/origin'
import type { Value } from '../graph/value'
import type { Recording } from './recording'

/** The name under which the backend is registered. */
export const BACKEND_NAME = 'onnx'

/** What a data id of this backend stands for. */
interface Entry {
  value?: Value
  /** What has no element type of ONNX, such as strings: kept as it was written. */
  written?: tf.BackendValues
  references: number
  /** The recording it was made in; none for a tensor of outside. */
  recording?: Recording
}

/** Computes values that are only recorded so far. */
export type Evaluate = (values: readonly Value[]) => Promise<Numbers[]>

/**
 * A tfjs backend that computes nothing but shapes: every kernel adds nodes to a graph. Reading a tensor runs what was
 * recorded so far.
 */
export class OnnxBackend extends tf.KernelBackend {
  private readonly entries = new Map<tf.DataId, Entry>()
  /** Set while a program is recorded: tensors of outside are captured and nothing can be read. */
  recording?: Recording
  private evaluating: Promise<unknown> = Promise.resolve()

  constructor(private readonly evaluate: Evaluate) {
    super()
  }

  /** A tensor of the active recording, or of none, for a value. */
  output(value: Value): tf.TensorInfo {
    const dataId = {}
    this.entries.set(dataId, { value, references: 1, recording: this.recording })
    return { dataId, shape: [...value.shape], dtype: value.type as tf.DataType }
  }

  /** The same tensor under another handle: its data go when the last handle does. */
  share(info: tf.TensorInfo): tf.TensorInfo {
    const entry = this.entries.get(info.dataId)
    if (!entry || entry.recording !== this.recording) return this.output(this.recordedValue(info))
    entry.references += 1
    return { dataId: info.dataId, shape: info.shape, dtype: info.dtype }
  }

  /** What is recorded for a tensor, which may belong to another backend. */
  recordedValue({ dataId, shape, dtype }: tf.TensorInfo): Value {
    const entry = this.entries.get(dataId)
    if (!isElementType(dtype)) {
      throw new CompileError({
        what: `A tensor of dtype ${dtype} was given to the onnx backend`,
        fix: 'It knows float32, int32 and bool: keep strings and complex numbers in JavaScript.',
      })
    }
    const isOurs = entry?.value && entry.recording === this.recording
    const value = isOurs ? entry.value! : this.fromOutside(dataId, shape, dtype)
    // Other backends reshape, and widen numbers, by giving one data id a second shape or type.
    return reshape(cast(value, dtype), shape)
  }

  private fromOutside(
    dataId: tf.DataId,
    shape: readonly number[],
    type: 'float32' | 'int32' | 'bool',
  ): Value {
    if (!this.recording) {
      // It moves here, as tensors do to the backend that uses them.
      tf.engine().moveData(this, dataId)
      return this.entryOf(dataId).value!
    }
    const known = this.recording.captured.get(dataId)
    if (known) return known
    const name = `captured.${this.recording.captured.size}`
    const value: Value = { shape, type, source: { kind: 'input', name } }
    this.recording.captured.set(dataId, value)
    return value
  }

  override write(values: tf.BackendValues, shape: number[], dtype: tf.DataType): tf.DataId {
    const dataId = {}
    this.move(dataId, values, shape, dtype, 1)
    return dataId
  }

  override move(
    dataId: tf.DataId,
    values: tf.BackendValues,
    shape: number[],
    dtype: tf.DataType,
    references: number,
  ): void {
    if (!isElementType(dtype)) {
      this.entries.set(dataId, { written: values, references, recording: this.recording })
      return
    }
    const data = numbersOf(dtype, values as ArrayLike<number>)
    const source: Value['source'] = this.recording
      ? { kind: 'constant', data, origin: originHere('constant') }
      : { kind: 'host', data }
    this.entries.set(dataId, { value: { shape, type: dtype, source }, references, recording: this.recording })
  }

  override read(dataId: tf.DataId): Promise<tf.BackendValues> {
    if (this.recording) {
      this.refuseRead(this.recording)
      // The recording as a whole fails; a rejection besides would end the process where nobody waits for it.
      return new Promise(() => {})
    }
    // Held on to: the tensor may be disposed before it is computed.
    const entry = this.entryOf(dataId)
    const known = dataOf(entry)
    if (known) return Promise.resolve(known)
    // One evaluation at a time: a second one would compute again what the first is computing.
    const done = this.evaluating.then(() => (dataOf(entry) ? undefined : this.computeAll(entry.value!)))
    this.evaluating = done.catch(() => undefined)
    return done.then(() => dataOf(entry)!)
  }

  override readSync(dataId: tf.DataId): tf.BackendValues {
    const known = dataOf(this.entryOf(dataId))
    if (known) return known
    if (this.recording) throw this.refuseRead(this.recording)
    throw new CompileError({
      what: 'dataSync() was called on a tensor of the onnx backend that is not computed yet',
      origin: originHere('dataSync'),
      fix: 'Read it with await tensor.data(), or await tf.backend().read(dataId) once before.',
    })
  }

  /** Notes that a recording read data, which it cannot. */
  refuseRead(recording: Recording): CompileError {
    const origin = originHere('data')
    recording.refused ??= new CompileError({
      what: `${calledOperation(origin)} read the data of a tensor while the program was recorded, when there are none yet`,
      origin,
      fix:
        'Return the tensor from the compiled function and read it there; values that decide what JavaScript does, or ' +
        'how long a tensor is, must be arguments that are not tensors.',
    })
    return recording.refused
  }

  private entryOf(dataId: tf.DataId): Entry {
    const entry = this.entries.get(dataId)
    if (entry) return entry
    throw new Error(
      'This tensor does not belong to the onnx backend: it was disposed, or another backend has it.',
    )
  }

  /** Computes every tensor that is still held, so that no graph grows for ever; the wanted one alone where that fails. */
  private async computeAll(wanted: Value): Promise<void> {
    const pending = new Set([wanted])
    for (const { value, recording } of this.entries.values()) {
      if (value?.source.kind === 'node' && !recording) pending.add(value)
    }
    try {
      await this.compute([...pending])
    } catch (error) {
      if (pending.size === 1) throw error
      await this.compute([wanted])
    }
  }

  private async compute(values: readonly Value[]): Promise<void> {
    const computed = await this.evaluate(values)
    for (const [i, value] of values.entries()) value.source = { kind: 'host', data: computed[i]! }
  }

  override disposeData(dataId: tf.DataId, force = false): boolean {
    const entry = this.entries.get(dataId)
    if (!entry) return true
    entry.references -= 1
    if (!force && entry.references > 0) return false
    this.entries.delete(dataId)
    return true
  }

  override refCount(dataId: tf.DataId): number {
    return this.entries.get(dataId)?.references ?? 0
  }

  override incRef(dataId: tf.DataId): void {
    const entry = this.entries.get(dataId)
    if (entry) entry.references += 1
  }

  override numDataIds(): number {
    return this.entries.size
  }

  override floatPrecision(): 32 {
    return 32
  }

  override epsilon(): number {
    return 1e-7
  }

  override memory(): { unreliable: boolean } {
    return { unreliable: true }
  }

  override timerAvailable(): boolean {
    return false
  }

  override async time(run: () => void): Promise<tf.BackendTimingInfo> {
    const started = performance.now()
    run()
    return { kernelMs: performance.now() - started }
  }

  override dispose(): void {
    this.entries.clear()
  }
}

/** The data of a tensor where JavaScript has them. */
function dataOf({ written, value }: Entry): tf.BackendValues | undefined {
  if (written) return written
  const { source, shape, type } = value!
  if (source.kind === 'host' || source.kind === 'constant') return source.data as tf.BackendValues
  if (source.kind !== 'filled') return undefined
  return numbersOf(type, new Float64Array(sizeOf(shape)).fill(source.value)) as tf.BackendValues
}

/** The backend that has the data of a tensor. */
export function ownerOf(dataId: tf.DataId): tf.KernelBackend {
  const { tensorInfo } = tf.engine().state as unknown as {
    tensorInfo: WeakMap<tf.DataId, { backend: tf.KernelBackend }>
  }
  return tensorInfo.get(dataId)!.backend
}
