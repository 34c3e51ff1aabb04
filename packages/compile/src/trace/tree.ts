import { InvalidArgumentError } from '@mafjs/tensor'
import * as tf from '@tensorflow/tfjs-core'
import { isElementType, type Numbers, sizeOf } from '../graph/element-types'

/** What holds the numbers of float32, int32 and bool. */
type HostNumbers = Float32Array | Int32Array | Uint8Array

/** Numbers with their shape, row-major, for those who have no tensor. */
export interface HostArray<Data extends HostNumbers = HostNumbers> {
  data: Data
  shape: readonly number[]
}

/** What stands where a tensor may: a tensor, an array with its shape, or a typed array, which is a vector. */
export type TensorLike = tf.Tensor | HostArray | Float32Array | Int32Array | Uint8Array

/** What a compiled function takes where the function itself takes tensors. */
export type Given<Inputs> = Inputs extends tf.Tensor
  ? TensorLike
  : Inputs extends (...given: never[]) => unknown
    ? Inputs
    : Inputs extends object
      ? { [Name in keyof Inputs]: Given<Inputs[Name]> }
      : Inputs

/** A tensor of an input or output, by its path in the record, such as `text.ids`. */
export interface Leaf {
  path: string
  shape: readonly number[]
  dtype: 'float32' | 'int32' | 'bool'
  /** Its numbers where JavaScript has them. */
  data?: Numbers
  tensor?: tf.Tensor
  /** What stands there. */
  given: unknown
}

const isTypedArray = (value: unknown): value is Float32Array | Int32Array | Uint8Array =>
  value instanceof Float32Array || value instanceof Int32Array || value instanceof Uint8Array

const isHostArray = (value: unknown): value is HostArray =>
  typeof value === 'object' &&
  value !== null &&
  'data' in value &&
  'shape' in value &&
  isTypedArray(value.data)

const dtypeOf = (data: Numbers): Leaf['dtype'] =>
  data instanceof Float32Array ? 'float32' : data instanceof Int32Array ? 'int32' : 'bool'

/** The leaf a value is, or nothing where it is no tensor. */
function leafOf(path: string, value: unknown): Leaf | undefined {
  if (value instanceof tf.Tensor) {
    const { shape, dtype } = value
    if (isElementType(dtype)) return { path, shape, dtype, tensor: value, given: value }
    throw new InvalidArgumentError({
      argument: path,
      rule: 'must be float32, int32 or bool',
      received: dtype,
    })
  }
  if (isTypedArray(value))
    return { path, shape: [value.length], dtype: dtypeOf(value), data: value, given: value }
  if (ArrayBuffer.isView(value)) {
    throw new InvalidArgumentError({
      argument: path,
      rule: 'must be a Float32Array, an Int32Array, or a Uint8Array for booleans',
      received: value.constructor.name,
    })
  }
  if (!isHostArray(value)) return undefined
  const { data, shape } = value
  if (sizeOf(shape) === data.length) return { path, shape, dtype: dtypeOf(data), data, given: value }
  throw new InvalidArgumentError({
    argument: `${path}.data`,
    rule: `must hold the ${sizeOf(shape)} numbers of shape [${shape.join(', ')}]`,
    received: `${data.length} numbers`,
  })
}

/** Whether a value is a plain object; one of a class is a single value. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

/**
 * Rebuilds a record of any depth with every tensor replaced; what is no tensor stays. Lists count as records whose
 * names are 0, 1, 2, ...
 */
export function mapTree(tree: unknown, replace: (leaf: Leaf) => unknown, path = ''): unknown {
  const leaf = leafOf(path, tree)
  if (leaf) return replace(leaf)
  const below = (name: string | number): string => (path === '' ? String(name) : `${path}.${name}`)
  if (Array.isArray(tree)) return tree.map((value, i) => mapTree(value, replace, below(i)))
  if (!isRecord(tree)) return tree
  return Object.fromEntries(
    Object.entries(tree).map(([name, value]) => [name, mapTree(value, replace, below(name))]),
  )
}

/**
 * The tensors of a record, in the order in which it names them.
 *
 * @throws InvalidArgumentError for two tensors of one path, such as `{ 'a.b': x, a: { b: y } }`.
 */
export function leavesOf(tree: unknown): Leaf[] {
  const leaves = new Map<string, Leaf>()
  mapTree(tree, leaf => {
    if (leaves.has(leaf.path)) {
      throw new InvalidArgumentError({
        argument: leaf.path,
        rule: 'must be the path of one tensor',
        received: 'two, since a name holds a dot',
      })
    }
    leaves.set(leaf.path, leaf)
  })
  return [...leaves.values()]
}

/** Functions and objects of classes are told apart by which they are. */
const identities = new WeakMap<object, number>()
let identityCount = 0

function identityOf(value: object): number {
  const known = identities.get(value)
  if (known !== undefined) return known
  identityCount += 1
  identities.set(value, identityCount)
  return identityCount
}

/** What decides whether two inputs can run the same program: shapes, types and every value that is no tensor. */
export function signatureOf(tree: unknown, shapeOf: (leaf: Leaf) => unknown = ({ shape }) => shape): string {
  const shown = (value: unknown): string => {
    if (value instanceof Signature) return value.text
    if (Array.isArray(value)) return `[${value.map(shown)}]`
    if (isRecord(value))
      return `{${Object.entries(value).map(([name, each]) => `${JSON.stringify(name)}:${shown(each)}`)}}`
    if (typeof value === 'string') return JSON.stringify(value)
    if ((typeof value === 'object' && value !== null) || typeof value === 'function')
      return `#${identityOf(value)}`
    return Object.is(value, -0) ? '-0' : `${typeof value} ${String(value)}`
  }
  return shown(mapTree(tree, leaf => new Signature(`${leaf.dtype} ${JSON.stringify(shapeOf(leaf))}`)))
}

/** The text of a tensor in a signature, which no value of the caller can be mistaken for. */
class Signature {
  constructor(readonly text: string) {}
}
