import { InvalidArgumentError } from '@mafjs/tensor'
import protobuf from 'protobufjs/light.js'
import { isStoredTensor, type StoredTensor, TensorsOfModel } from './tensor-schema'

/** Where the numbers of a tensor lie that are not within its model. */
export interface ExternalTensor {
  /** Name of the tensor. */
  tensor: string
  /** The file, relative to the folder of the model: never absolute, and never above that folder. */
  location: string
  /** Where they begin, bytes. */
  offset: number
  /** How many bytes they are: those of the tensor's shape and type. */
  length: number
}

/** Bits of a number, by ONNX's numbers of its element types; strings can only lie within a model. */
const BITS: Readonly<Record<number, number>> = {
  1: 32, // float
  2: 8, // uint8
  3: 8, // int8
  4: 16, // uint16
  5: 16, // int16
  6: 32, // int32
  7: 64, // int64
  9: 8, // bool
  10: 16, // float16
  11: 64, // double
  12: 32, // uint32
  13: 64, // uint64
  14: 64, // complex64
  15: 128, // complex128
  16: 16, // bfloat16
  17: 8, // float8 of four kinds
  18: 8,
  19: 8,
  20: 8,
  21: 4, // uint4
  22: 4, // int4
  23: 4, // float4
}

/** ONNX's number for numbers that lie beside the model. */
const BESIDE = 1

/** A model whose tensors may be changed, and those whose numbers lie beside it. */
export interface ReadModel {
  message: protobuf.Message
  external: readonly (ExternalTensor & { stored: StoredTensor })[]
}

/**
 * Reads the tensors of a `.onnx` file, wherever in it they are: also in subgraphs, functions and attributes.
 *
 * @param name what the model is called in errors
 * @throws InvalidArgumentError for bytes that are no model, or a tensor that says of its numbers what cannot be.
 */
export function readTensors(model: Uint8Array, name: string): ReadModel {
  const message = decode(model, name)
  const external = [...tensorsIn(message)]
    .filter(({ location }) => location === BESIDE)
    .map(stored => ({ ...placeOf(stored, name), stored }))
  return { message, external }
}

/**
 * The tensors of a `.onnx` file whose numbers lie beside it.
 *
 * @param name what the model is called in errors. @default 'model'
 * @throws InvalidArgumentError for bytes that are no model, or a place that is absolute, above the model's folder, or not of
 * the tensor's size.
 */
export const externalTensors = (model: Uint8Array, name = 'model'): ExternalTensor[] =>
  readTensors(model, name).external.map(({ stored, ...place }) => place)

function decode(model: Uint8Array, name: string): protobuf.Message {
  try {
    const reader = protobuf.Reader.create(model)
    // What is not in the schema goes back into the file as it was.
    reader.discardUnknown = false
    return TensorsOfModel.decode(reader)
  } catch (cause) {
    throw new InvalidArgumentError({
      argument: name,
      rule: 'must be an ONNX model',
      received: `${model.byteLength} bytes that are none (${(cause as Error).message})`,
      fix: 'It is damaged, cut off or of another format; export or copy it again.',
    })
  }
}

function* tensorsIn(part: unknown): Iterable<StoredTensor> {
  if (isStoredTensor(part)) yield part
  else if (Array.isArray(part)) for (const each of part) yield* tensorsIn(each)
  else if (part instanceof protobuf.Message) yield* tensorsIn(Object.values(part))
}

function placeOf(
  { name = '', lengths = [], elementType = 0, external = [] }: StoredTensor,
  model: string,
): ExternalTensor {
  const refuse = (rule: string, received: unknown): never => {
    throw new InvalidArgumentError({
      argument: `tensor "${name}" of ${model}`,
      rule,
      received,
      fix: 'Export the model again, with its weights within it or in a file beside it.',
    })
  }
  const entry = (key: string): string | undefined => external.findLast(entry => entry.key === key)?.value
  const whole = (key: string, usual: number): number => {
    const value = entry(key) ?? String(usual)
    const number = /^\d+$/.test(value) ? Number(value) : Number.NaN
    return Number.isSafeInteger(number) ? number : refuse(`must have a whole number as its ${key}`, value)
  }
  const location = entry('location') ?? ''
  if (!isWithin(location)) {
    const rule =
      'must lie in a file of the model\'s own folder, named without ".." and without a folder\'s root'
    refuse(rule, location || 'no file')
  }
  const bits = BITS[elementType] ?? refuse('must be of a type whose numbers may lie in a file', elementType)
  const count = lengths.reduce<number>((product, length) => product * Number(String(length)), 1)
  const length = Math.ceil((count * bits) / 8)
  if (!Number.isSafeInteger(length) || length < 0) refuse('must have a shape', lengths.join(', '))
  if (whole('length', length) !== length) {
    refuse(`must be ${length} bytes long, as its shape [${lengths.join(', ')}] is`, entry('length'))
  }
  return { tensor: name, location, offset: whole('offset', 0), length }
}

/** Whether a path stays in the folder that it starts from, under every operating system. */
const isWithin = (path: string): boolean =>
  path !== '' && !/^([/\\]|[a-z]:)|\0/i.test(path) && !path.split(/[/\\]/).includes('..')
