import type { Initializer, OnnxGraph, OnnxNode } from '../graph/onnx-graph'
import type { Origin } from '../graph/origin'
import { OutputPort } from './trace'
import { isRecord } from './tree'

/** Where two recordings of one function are not the same program. */
export interface Difference {
  /** `constant`: numbers written by JavaScript; `structure`: other operators or attributes; `returned`: no tensor. */
  kind: 'constant' | 'structure' | 'returned'
  origin?: Origin
  /** What the two hold, short. */
  shown: string
}

const shownConstant = ({ shape, data }: Initializer): string =>
  `[${shape}] ${data.slice(0, 4).join(', ')}${data.length > 4 ? ', ...' : ''}`

/**
 * The first difference of two graphs that were recorded one after the other, or nothing. Shapes are not compared: what
 * of them decides anything is an attribute or a constant.
 */
export function differenceOf(first: OnnxGraph, second: OnnxGraph): Difference | undefined {
  for (let i = 0; i < Math.max(first.nodes.length, second.nodes.length); i++) {
    const [node, other] = [first.nodes[i], second.nodes[i]]
    const same =
      other?.op === node?.op &&
      JSON.stringify(other?.attributes) === JSON.stringify(node?.attributes) &&
      `${other?.inputs}` === `${node?.inputs}`
    if (same) continue
    // A constant that differs in size moves the names after it: it is the one to blame.
    return (
      constantDifference(first, second) ?? {
        kind: 'structure',
        origin: (node ?? other)?.origin,
        shown: `${shownNode(node)} and ${shownNode(other)}`,
      }
    )
  }
  return constantDifference(first, second)
}

const shownNode = (node: OnnxNode | undefined): string =>
  node ? `${node.op}${JSON.stringify(node.attributes)}` : 'nothing'

function constantDifference(first: OnnxGraph, second: OnnxGraph): Difference | undefined {
  for (const [i, constant] of first.initializers.entries()) {
    const other = second.initializers[i]
    const same =
      other !== undefined &&
      `${other.shape}` === `${constant.shape}` &&
      other.data.every((value, j) => Object.is(value, constant.data[j]))
    if (!same) {
      const shown = `${shownConstant(constant)} and ${other ? shownConstant(other) : 'nothing'}`
      return { kind: 'constant', origin: constant.origin ?? readerOf(first, constant)?.origin, shown }
    }
  }
  // What one of them holds more.
  const more = second.initializers[first.initializers.length]
  return more && { kind: 'constant', origin: more.origin, shown: `nothing and ${shownConstant(more)}` }
}

/** Sizes are made without a call of their own: whoever takes them is to blame. */
const readerOf = ({ nodes }: OnnxGraph, { name }: Initializer): OnnxNode | undefined =>
  nodes.find(({ inputs }) => inputs.includes(name))

/** The first difference of what two recordings returned besides tensors, or nothing. */
export function returnedDifference(first: unknown, second: unknown, path = ''): Difference | undefined {
  if (Object.is(first, second) || sameNumbers(first, second)) return undefined
  const isTree = (value: unknown): value is object => Array.isArray(value) || isRecord(value)
  if (first instanceof OutputPort && second instanceof OutputPort && first.port === second.port)
    return undefined
  if (isTree(first) && isTree(second) && Object.keys(first).join() === Object.keys(second).join()) {
    for (const [name, value] of Object.entries(first)) {
      const below = path === '' ? name : `${path}.${name}`
      const difference = returnedDifference(value, (second as Record<string, unknown>)[name], below)
      if (difference) return difference
    }
    return undefined
  }
  const isOwn = (value: unknown): boolean => typeof value === 'object' || typeof value === 'function'
  // An object of a class may be made anew by every call and yet be the same.
  if (
    isOwn(first) &&
    isOwn(second) &&
    ![first, second].some(value => isTree(value) || ArrayBuffer.isView(value))
  )
    return
  return { kind: 'returned', shown: `${String(first)} and ${String(second)} are returned as ${path}` }
}

const sameNumbers = (first: unknown, second: unknown): boolean =>
  ArrayBuffer.isView(first) && ArrayBuffer.isView(second) && String(first) === String(second)
