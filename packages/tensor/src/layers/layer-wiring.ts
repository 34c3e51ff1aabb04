import { InvalidArgumentError } from '../errors'

/** An input of the layer: the path of what the module takes, such as `text.states`, as float32 or as said. */
export type LayerInput = string | { path: string; dtype: 'float32' | 'int32' }

/** What of a module is the layer's. */
export interface LayerWiringOptions {
  /** What the layer's inputs are to the module, in their order. */
  inputs: readonly LayerInput[]
  /** The path of what the layer gives, such as `states`, or several. */
  outputs: string | readonly string[]
  /** Where the module takes the mask of the first input, which a `masking` or `embedding` layer makes. @default nowhere */
  mask?: string | undefined
  /** Scalars that the module gives, by path, with their weights: in training they are added to the model's loss. @default none */
  losses?: Readonly<Record<string, number>> | undefined
  /** Seed of what is random in training; the step is counted by the layer. @default 0 */
  seed?: number | undefined
}

/** The same, complete: plain JSON. */
export interface LayerWiring {
  inputs: { path: string; dtype: 'float32' | 'int32' }[]
  outputs: string[]
  mask: string | null
  losses: Record<string, number>
  seed: number
}

/**
 * The whole wiring.
 *
 * @throws InvalidArgumentError for no input or output, a path that comes twice or leads through another, or a seed or
 * weight that is no number.
 */
export function completeWiring({
  inputs,
  outputs,
  mask,
  losses = {},
  seed = 0,
}: LayerWiringOptions): LayerWiring {
  const refuse = (argument: string, rule: string, received: unknown): never => {
    throw new InvalidArgumentError({ argument, rule, received })
  }
  const wiring: LayerWiring = {
    inputs: inputs.map(input =>
      typeof input === 'string' ? { path: input, dtype: 'float32' } : { ...input },
    ),
    outputs: typeof outputs === 'string' ? [outputs] : [...outputs],
    mask: mask ?? null,
    losses: { ...losses },
    seed,
  }
  const paths = [...wiring.inputs.map(({ path }) => path), ...(mask === undefined ? [] : [mask])]
  if (wiring.inputs.length === 0) refuse('inputs', 'must name at least one input', '[]')
  if (wiring.outputs.length === 0) refuse('outputs', 'must name at least one output', '[]')
  for (const { path, dtype } of wiring.inputs) {
    if (dtype !== 'float32' && dtype !== 'int32')
      refuse(`dtype of ${path}`, "must be 'float32' or 'int32'", dtype)
  }
  for (const path of paths) {
    if (!/^[^.]+(\.[^.]+)*$/.test(path)) refuse('inputs', 'must be names with single dots between', path)
    const clash = paths.filter(other => other === path || other.startsWith(`${path}.`))
    if (clash.length > 1) refuse('inputs', 'must each lead to a place of its own', clash.join(', '))
  }
  for (const [path, weight] of Object.entries(losses)) {
    if (!Number.isFinite(weight)) refuse(`losses['${path}']`, 'must be a finite number', weight)
  }
  if (!Number.isSafeInteger(seed) || seed < 0) refuse('seed', 'must be a whole number, 0 or more', seed)
  return wiring
}
