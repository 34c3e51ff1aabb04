import { InvalidArgumentError } from '@mafjs/tensor'
import type { DynamicShapes } from './record-program'
import { isRecord, type Leaf, leavesOf } from './tree'

/**
 * Checks what a compiled function is given against the axes that may have any length.
 *
 * @returns the lengths of the symbolic dimensions
 * @throws InvalidArgumentError that names the input.
 */
export function checkInputs(
  inputs: unknown,
  { axes, largest = {} }: DynamicShapes = { axes: {} },
): Map<string, number> {
  if (!isRecord(inputs) && !Array.isArray(inputs)) {
    throw new InvalidArgumentError({
      argument: 'inputs',
      rule: 'must be a record or a list of tensors',
      received:
        inputs === null ? 'null' : typeof inputs === 'object' ? inputs.constructor.name : typeof inputs,
      fix: 'Give the tensor a name, such as { x }.',
    })
  }
  const leaves = new Map(leavesOf(inputs).map(leaf => [leaf.path, leaf]))
  for (const { path, tensor } of leaves.values()) {
    if (!tensor?.isDisposed) continue
    throw new InvalidArgumentError({
      argument: path,
      rule: 'must not be disposed',
      received: 'a disposed tensor',
    })
  }
  const lengths = new Map<string, number>()
  for (const [path, names] of Object.entries(axes)) {
    const leaf = leaves.get(path)
    if (leaf?.shape.length !== names.length) throw wrongShape(path, names, leaf)
    for (const [axis, length] of leaf.shape.entries()) {
      const name = names[axis]
      if (name === null || name === undefined) continue
      if (length !== (lengths.get(name) ?? length)) {
        throw wrongShape(path, names, leaf, `where ${name} is ${lengths.get(name)}, as in another input`)
      }
      if (length > (largest[name] ?? length))
        throw wrongShape(path, names, leaf, `where ${name} is at most ${largest[name]}`)
      lengths.set(name, length)
    }
  }
  for (const name of Object.keys(largest)) {
    if (lengths.has(name)) continue
    throw new InvalidArgumentError({
      argument: `dynamic.largest.${name}`,
      rule: 'must be of a dimension that dynamic.axes names',
      received: name,
      fix: `Those are ${[...lengths.keys()].join(', ') || 'none'}.`,
    })
  }
  return lengths
}

/**
 * Checks that no dimension is shorter than what a program takes of it.
 *
 * @throws InvalidArgumentError that names the dimension.
 */
export function checkShortest(
  lengths: ReadonlyMap<string, number>,
  shortest: ReadonlyMap<string, number>,
): void {
  for (const [name, least] of shortest) {
    const length = lengths.get(name)
    if (length === undefined || length >= least) continue
    throw new InvalidArgumentError({
      argument: `the dimension ${name}`,
      rule: `must be at least ${least}, since the function takes so many of it`,
      received: length,
    })
  }
}

function wrongShape(
  path: string,
  names: readonly (string | null)[],
  leaf?: Leaf,
  where = '',
): InvalidArgumentError {
  return new InvalidArgumentError({
    argument: path,
    rule: `must be a tensor of shape [${names.map(name => name ?? 'any fixed length').join(', ')}]${where && ` ${where}`}`,
    received: leaf ? `[${leaf.shape.join(', ')}]` : 'nothing',
  })
}
