import type { Lengths } from './dimensions'
import { type Numbers, numbersOf, sizeOf } from './element-types'
import { uniformValue } from './nodes'
import type { OnnxGraph, OnnxNode, TensorSpec } from './onnx-graph'
import type { Origin } from './origin'
import type { Value } from './value'

/** What a tensor is beside its name. */
type Kind = Pick<Value, 'shape' | 'type'>

/** Numbers up to this many are compared to be shared; longer arrays are shared by which they are. */
const COMPARED = 16

/** Writes a graph's names, constants and sizes, in which a length may be symbolic. */
export class GraphWriter {
  readonly graph: OnnxGraph = { nodes: [], inputs: [], outputs: [], initializers: [], tensors: new Map() }
  private readonly known = new Map<string, string>()
  private readonly arrays = new Map<Numbers, Map<string, string>>()
  private count = 0

  /** @param taken names that nothing made here may have */
  constructor(
    private readonly lengths: Lengths,
    private readonly taken: ReadonlySet<string>,
  ) {}

  /** A name that nothing has. */
  fresh(prefix: string): string {
    do this.count += 1
    while (this.taken.has(`${prefix}${this.count}`))
    return `${prefix}${this.count}`
  }

  /** Notes what a name is. */
  describe(name: string, { shape, type }: Kind): TensorSpec {
    const spec = { name, type, shape: shape.map(length => this.lengths.dimension(length)) }
    this.graph.tensors.set(name, spec)
    return spec
  }

  /** A node that no kernel was called for; gives the name of what it makes. */
  node(
    op: string,
    inputs: string[],
    kind: Kind,
    attributes: OnnxNode['attributes'] = {},
    output = this.fresh('v'),
  ): string {
    this.describe(output, kind)
    this.graph.nodes.push({ op, domain: '', inputs, outputs: [output], attributes })
    return output
  }

  /** Numbers that belong to the program. */
  constant(value: Value, data: Numbers, origin?: Origin): string {
    const { shape, type } = value
    const size = sizeOf(shape)
    if (size === 1 && type !== 'bool') return this.number(data[0]!, value, origin)
    const { dimensions, factor } = this.lengths.factors(size)
    const uniform = factor === size ? undefined : uniformValue(value)
    if (uniform === undefined) return this.initializer(data, value, origin)
    if (dimensions.length > 0) return this.filled(uniform, value)
    const lengths = shape.map(length => this.lengths.factors(length).factor)
    return this.initializer(numbersOf(type, new Float64Array(factor).fill(uniform)), { shape: lengths, type })
  }

  /** One number everywhere. */
  filled(number: number, kind: Kind): string {
    const single = this.number(number, { shape: [], type: kind.type })
    return kind.shape.length === 0 ? single : this.node('Expand', [single, this.sizes(kind.shape)], kind)
  }

  /** A single number; one that a symbolic dimension divides was computed from it. */
  private number(number: number | bigint, { shape, type }: Kind, origin?: Origin): string {
    const { dimensions, factor } = this.lengths.factors(Number(number))
    if (dimensions.length === 0) return this.initializer(numbersOf(type, [factor]), { shape, type }, origin)
    const cast = this.node('Cast', [this.sizes([Number(number)])], { shape: [1], type }, { to: { type } })
    return this.node('Reshape', [cast, this.sizes(shape)], { shape, type })
  }

  /** An int64 vector of sizes, put together from the dimensions where there are symbolic ones. */
  sizes(lengths: readonly number[]): string {
    return this.once(this.known, `sizes ${lengths}`, () => {
      const parts: string[] = []
      let plain: number[] = []
      const flush = (): void => {
        if (plain.length > 0) parts.push(this.integers(plain))
        plain = []
      }
      for (const length of lengths) {
        const { dimensions, factor } = this.lengths.factors(length)
        if (dimensions.length === 0) plain.push(factor)
        else {
          flush()
          parts.push(this.product(dimensions, factor))
        }
      }
      flush()
      if (parts.length === 0) return this.integers([])
      return parts.length === 1
        ? parts[0]!
        : this.node('Concat', parts, { shape: [lengths.length], type: 'int64' }, { axis: 0 })
    })
  }

  /** `[1]` int64: a product of dimensions, each read off the shape of an input. */
  private product(dimensions: readonly string[], factor: number): string {
    const factors = dimensions.map(name => this.dimension(name))
    if (factor !== 1) factors.push(this.integers([factor]))
    return factors.reduce((product, next) => this.node('Mul', [product, next], { shape: [1], type: 'int64' }))
  }

  private dimension(name: string): string {
    return this.once(this.known, `dimension ${name}`, () => {
      for (const input of this.graph.inputs) {
        const axis = input.shape.indexOf(name)
        if (axis < 0) continue
        return this.node('Shape', [input.name], { shape: [1], type: 'int64' }, { start: axis, end: axis + 1 })
      }
      throw new Error(`No input has the dimension ${name}.`)
    })
  }

  private integers(values: readonly number[]): string {
    return this.initializer(numbersOf('int64', values), { shape: [values.length], type: 'int64' })
  }

  private initializer(data: Numbers, { shape, type }: Kind, origin?: Origin): string {
    const isShort = data.length <= COMPARED
    // Text has no zero with a sign.
    const shown = isShort
      ? Array.from(data as ArrayLike<number | bigint>, number =>
          Object.is(number, -0) ? '-0' : String(number),
        )
      : []
    return this.once(isShort ? this.known : this.namesOf(data), `${type}[${shape}]${shown}`, () => {
      const name = this.fresh('c')
      this.graph.initializers.push({ name, type, shape, data, origin })
      this.graph.tensors.set(name, { name, type, shape })
      return name
    })
  }

  /** The names of one array's numbers under several shapes. */
  private namesOf(data: Numbers): Map<string, string> {
    const known = this.arrays.get(data) ?? new Map<string, string>()
    this.arrays.set(data, known)
    return known
  }

  private once(names: Map<string, string>, key: string, make: () => string): string {
    const known = names.get(key)
    if (known !== undefined) return known
    const name = make()
    names.set(key, name)
    return name
  }
}
